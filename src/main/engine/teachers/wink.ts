import { createRequire } from 'node:module'
import type createWink from 'wink-bm25-text-search'
import type nlp from 'wink-nlp-utils'

/**
 * Both packages are loaded with the first word that is looked at, and not with the registry that names BM25; of wink-nlp-utils
 * only the functions that we use, a file each: as a whole it reads a language model, which takes a process half a second and
 * 60 MB.
 */
const load = createRequire(import.meta.url)

export const loadSearchEngine = (): typeof createWink => load('wink-bm25-text-search')
export const loadWordTools = (): typeof nlp => ({
  string: {
    lowerCase: part('string-lower-case'),
    tokenize0: part('string-tokenize0'),
    amplifyNotElision: part('string-amplify-not-elision'),
    removeElisions: part('string-remove-elisions'),
  },
  tokens: { stem: part('tokens-stem'), removeWords: part('tokens-remove-words') },
})

const part = (name: string) => load(`wink-nlp-utils/src/${name}.js`)
