import {
  BertNormalizer,
  LowercaseNormalizer,
  PrecompiledNormalizer,
  SequenceNormalizer,
  type Tokenizer,
} from '@huggingface/tokenizers'
import { foldCase } from '../../formats/fold-case'
import { precompiledNormalizer } from './precompiled-normalizer'

type Normalizer = NonNullable<Tokenizer['normalizer']>

/**
 * Where the JavaScript package normalises with JavaScript's string functions and the tokenizers crate does not, its normalizers
 * are given the crate's way, in place:
 * - lower case character by character: a word's last Σ is σ as any other, and not ς;
 * - spaces around every CJK ideograph, those beyond U+FFFF too;
 * - SentencePiece's map as the model carries it, where the package takes NFKC and a few lists in its stead.
 */
export function followCrate(normalizer: Normalizer | null): void {
  if (normalizer instanceof SequenceNormalizer) {
    for (const part of normalizer.normalizers) followCrate(part)
  } else if (normalizer instanceof LowercaseNormalizer) {
    normalizer.normalize = foldCase
  } else if (normalizer instanceof PrecompiledNormalizer) {
    const { precompiled_charsmap: map } = normalizer.config as { precompiled_charsmap?: string | null }
    if (map) normalizer.normalize = precompiledNormalizer(map)
  } else if (normalizer instanceof BertNormalizer) {
    const { clean_text, handle_chinese_chars, lowercase, strip_accents } = normalizer.config as BertConfig
    const steps = normalizer as unknown as BertSteps
    normalizer.normalize = (text) => {
      let out = clean_text ? steps.clean_text(text) : text
      if (handle_chinese_chars) out = out.replace(IDEOGRAPH, ' $& ')
      if (strip_accents ?? lowercase) out = steps.strip_accents(out)
      return lowercase ? foldCase(out) : out
    }
  }
}

/** Not public in the package's types. */
interface BertSteps {
  clean_text(text: string): string
  strip_accents(text: string): string
}

interface BertConfig {
  readonly clean_text?: boolean
  readonly handle_chinese_chars?: boolean
  readonly lowercase?: boolean
  readonly strip_accents?: boolean | null
}

/** The blocks that BERT's own tokenizer calls Chinese. */
const IDEOGRAPH =
  /[\u4e00-\u9fff\u3400-\u4dbf\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\uf900-\ufaff\u{2f800}-\u{2fa1f}]/gu
