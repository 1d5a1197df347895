import { type FileHandle, open } from 'node:fs/promises'

/** Bytes read at once. */
const WINDOW = 1 << 16

/** A field of a message: a number, or bytes that end at `stop`; a field of another wire type is neither. */
interface Field {
  readonly number: number
  readonly value: number
  /** null: it is no bytes. */
  readonly stop: number | null
}

class NotProtobuf extends Error {}

/**
 * Reads a message where it lies, by windows: what nobody asks for is stepped over, since a file may be 2 GB.
 * @returns false where the file is no protobuf, as ONNX Runtime will say best; what was read until there stays read
 */
export async function readProtobuf(
  path: string,
  read: (file: ProtobufFile) => Promise<void>,
): Promise<boolean> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    await read(new ProtobufFile(file, size))
    return true
  } catch (error) {
    if (error instanceof NotProtobuf) return false
    throw error
  } finally {
    await file.close()
  }
}

export class ProtobufFile {
  private at = 0
  private start = 0
  private window = Buffer.alloc(0)

  constructor(
    private readonly file: FileHandle,
    readonly size: number,
  ) {}

  /** Fields of the message that ends at `end`, in their order. */
  async *fields(end: number): AsyncGenerator<Field> {
    while (this.at < end) {
      const tag = await this.varint()
      const number = Math.floor(tag / 8)
      const wire = tag % 8
      if (wire === 0) yield { number, value: await this.varint(), stop: null }
      else if (wire === 1 || wire === 5) this.at += wire === 1 ? 8 : 4
      else if (wire === 2) {
        const stop = (await this.varint()) + this.at
        if (stop > end) throw new NotProtobuf()
        yield { number, value: 0, stop }
        this.at = stop
      } else throw new NotProtobuf()
    }
  }

  /** Text from here to `end`. */
  async text(end: number): Promise<string> {
    const bytes = Buffer.alloc(Math.min(end, this.size) - this.at)
    await this.file.read(bytes, 0, bytes.length, this.at)
    return bytes.toString('utf8')
  }

  private async varint(): Promise<number> {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = await this.byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new NotProtobuf()
  }

  private async byte(): Promise<number> {
    const place = this.at - this.start
    if (place < 0 || place >= this.window.length) {
      if (this.at >= this.size) throw new NotProtobuf()
      const { buffer, bytesRead } = await this.file.read(Buffer.alloc(WINDOW), 0, WINDOW, this.at)
      this.start = this.at
      this.window = buffer.subarray(0, bytesRead)
    }
    return this.window[this.at++ - this.start]
  }
}
