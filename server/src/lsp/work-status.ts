import type { Connection } from 'vscode-languageserver/node';
import { notify } from './typed-messages';

/** Tells the client how many documents are being checked. */
export class WorkStatus {
  private checking = 0;

  constructor(private readonly connection: Connection) {}

  /** The server takes requests. */
  ready(): void {
    this.tell();
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.checking += 1;
    if (this.checking === 1) this.tell();
    try {
      return await work();
    } finally {
      this.checking -= 1;
      if (this.checking === 0) this.tell();
    }
  }

  private tell(): void {
    const state = this.checking === 0 ? 'ready' : 'busy';
    notify(this.connection, 'maixcam/status', { state, documents: this.checking });
  }
}
