import { createRequire } from 'node:module'
import type createWink from 'wink-bm25-text-search'
import type nlp from 'wink-nlp-utils'

/**
 * Both packages are loaded with the first word that is looked at, and not with the registry that names BM25: wink-nlp-utils
 * reads a language model when it is loaded, which takes each process half a second, and most processes count no words.
 */
const load = createRequire(import.meta.url)

export const loadSearchEngine = (): typeof createWink => load('wink-bm25-text-search')
export const loadWordTools = (): typeof nlp => load('wink-nlp-utils')
