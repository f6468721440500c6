import * as vscode from 'vscode';

const KEY = 'running';

/** Recipes that this workspace has a run of, so that a window that is opened again finds them without its view. */
export class RunningRecipes {
  constructor(private readonly state: vscode.Memento) {}

  all(): readonly vscode.Uri[] {
    return this.texts().map((text) => vscode.Uri.parse(text));
  }

  add(recipe: vscode.Uri): void {
    const text = recipe.toString();
    const texts = this.texts();
    if (!texts.includes(text)) this.write([...texts, text]);
  }

  remove(recipe: vscode.Uri): void {
    const text = recipe.toString();
    const texts = this.texts();
    if (texts.includes(text)) this.write(texts.filter((one) => one !== text));
  }

  private texts(): readonly string[] {
    return this.state.get<readonly string[]>(KEY, []);
  }

  private write(texts: readonly string[]): void {
    // Readable at once; that it is on the disk need not be waited for.
    void this.state.update(KEY, texts);
  }
}
