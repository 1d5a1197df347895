/** How a card is written down: JSON, or YAML front matter with the description as the text below it. */
export const CARD_FORMATS = ['json', 'yaml'] as const
