/** Element types, by their number in the file (spec conversion.md 4.1). */
export const CVI_DATA_TYPES = ['float32', 'int32', 'uint32', 'bfloat16', 'int16', 'uint16', 'int8', 'uint8'] as const;
export type CviDataType = (typeof CVI_DATA_TYPES)[number] | 'unknown';

/** Section kinds, by their number in the file. */
export const CVI_SECTION_TYPES = ['weight', 'cmdbuf', 'cpu-x86', 'cpu-arm', 'dmabuf'] as const;
export type CviSectionType = (typeof CVI_SECTION_TYPES)[number] | 'unknown';

/** An input, output or inner tensor of a program. */
export interface CviTensor {
  readonly name: string;
  readonly type: CviDataType;
  /** As the file has them: always four, padded with trailing ones by the converter. */
  readonly shape: readonly number[];
  /** Factor from real value to stored integer; 1 for floats, 0 where the file gives none. */
  readonly scale: number;
  readonly zeroPoint: number;
  /** `RGB_PACKED` and the like where preprocessing is fused into the model; else empty. */
  readonly pixelFormat: string;
  readonly aligned: boolean;
  /** Bytes of its values. */
  readonly bytes: number;
  /** True where it has memory of its own, shared with the caller. */
  readonly ioMemory: boolean;
}

export interface CviSection {
  readonly type: CviSectionType;
  readonly name: string;
  /** Bytes in the file. */
  readonly size: number;
  /** From the end of the model description. */
  readonly offset: number;
  readonly encrypted: boolean;
  readonly compressed: boolean;
}

/** Memory that the model takes on the board, in bytes, as `model_tool --info` sums it. */
export interface CviMemory {
  readonly total: number;
  readonly sections: number;
  readonly neurons: number;
  readonly shared: number;
  readonly io: number;
}

export type CviChecksum = 'matches' | 'differs' | 'absent';

/** A converted model for MaixCAM and MaixCAM-Pro. */
export interface Cvimodel {
  /** Version in the file's header. */
  readonly version: { readonly major: number; readonly minor: number };
  readonly chip: string;
  readonly name: string;
  readonly buildTime: string;
  readonly mlirVersion: string;
  readonly sections: readonly CviSection[];
  readonly inputs: readonly CviTensor[];
  readonly outputs: readonly CviTensor[];
  /** Names of parts that run on the board's CPU. */
  readonly cpuFunctions: readonly string[];
  readonly memory: CviMemory;
  /** Length that the file must have, in bytes, and the one it has. */
  readonly bytes: { readonly expected: number; readonly actual: number };
  readonly checksum: CviChecksum;
}
