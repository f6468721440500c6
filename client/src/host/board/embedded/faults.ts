/**
 * What can go wrong with a board, made to happen on the embedded one. All of it is real behaviour over a real
 * connection. The object may be changed while the board runs; the next operation sees it.
 */
export interface BoardFaults {
  /** The right password is refused, as by a board whose owner changed it. */
  refusePassword?: boolean;
  /** A new host key at start, as after a re-flash. */
  newHostKey?: boolean;
  /** The link breaks after so many more bytes of SFTP uploads; happens once, then the field is gone. */
  dropAfterUploadBytes?: number;
  /** The link breaks at the n-th command from now (1 = the next), before or after its work; happens once. */
  dropAtCommand?: { count: number; when: 'before' | 'after' };
  /** Size of the root file system in bytes; what does not fit fails as on a full disk. */
  capacityBytes?: number;
  /** The root file system is mounted read-only (MaixCAM2 after a disk error: spec board.md 3.4). */
  readOnly?: boolean;
  /** Upload speed limit in bytes per second. */
  uploadBytesPerSecond?: number;
  /** The byte at this offset of the next upload that reaches it arrives inverted; happens once. */
  flipUploadedByte?: number;
}

/** Counts one command; true where the link has to break now, for the given moment. */
export function commandDrops(faults: BoardFaults, when: 'before' | 'after'): boolean {
  const drop = faults.dropAtCommand;
  if (drop?.when !== when) return false;
  drop.count -= 1;
  if (drop.count > 0) return false;
  delete faults.dropAtCommand;
  return true;
}
