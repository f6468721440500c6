/** A decoded picture: 8-bit RGB, rows from the top, three bytes a pixel. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  /** `width * height * 3` bytes. */
  readonly data: Uint8Array;
}
