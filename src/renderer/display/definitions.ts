/** What each number and word on screen means: one place, shown on hover and on focus. */
const DEFINITIONS = {
  'nDCG@10':
    'Normalised discounted cumulative gain of the first ten documents: relevant documents high up count most; 1 is the best possible order. Linear gain, as trec_eval has it.',
  'MRR@10':
    'Mean reciprocal rank: 1 divided by the rank of the first relevant document, 0 when none is among the first ten.',
  'Recall@100': 'Share of a query’s relevant documents that are among the first hundred.',
  interval:
    '95 % bootstrap interval. What it draws anew stands beside it: tasks where there are many, queries within each task where there are few, queries of one.',
  mean: 'Mean over tasks, each task counted once however many queries it has.',
  n: 'Test queries with at least one relevant document, over all tasks. It differs by the number of examples, because documents that a card shows are hidden from its own test.',
  chosen:
    'How the row was set on dev queries of trained tasks: the strength λ and the variant. No label of an unseen task is read for it.',
  delta: 'Mean of a − b over the same queries or tasks.',
  p: 'Two-sided paired randomisation test: how often a difference this large appears when the labels a and b are swapped at random.',
  'p, Holm':
    'The same p after Holm’s correction for all differences of this table: it alone decides whether one is called better.',
  'margin over the wrong card':
    'Task card minus wrong card on this task. Near 0 the network does not look at what the card says.',
  'wins, losses, ties':
    'Queries in which a scores above, below, level with b. A mean says how far, these say how often.',
  'standard deviation':
    'Sample standard deviation (n − 1) over the seeds: what another seed would do. It says nothing of other queries or tasks.',
  smoothing:
    'Exponential moving average, corrected for its start, as TensorBoard smooths. The raw line stays faint behind it; files hold both.',
  published:
    'nDCG@10 of the frozen encoder in float32, as MTEB publishes it. int8 vectors come within .005; more apart means other data, another protocol or another encoder.',
  'rank beside': 'Rank of the same document in the other ranking.',
  unit: 'What is drawn anew for the interval and has its sign drawn for the p-value: queries of one task, queries within few tasks, or many tasks.',
  queries: 'Draws the queries of the one task: how sure one may be for more queries of this task.',
  'queries within tasks':
    'With fewer than ten tasks: draws queries within each task, each task counting once. It speaks of these tasks only.',
  tasks: 'Draws tasks: how sure one may be for other tasks like these.',
  'clusters of tasks': 'Draws tasks, those whose documents are for the larger part the same always together.',
  forecast:
    'What lead a card that was never trained may expect, learned from tasks that the run left out: a ridge regression on what is known before anything is judged, with an interval by CV+. Every left-out card here is forecast by those of other clusters alone.',
  'nested clusters':
    'The same lead with whole clusters drawn: tasks of which more than half of the one’s documents are the other’s go together. Wider than the interval above where cards lie inside one another.',
  'interval over seeds': '95 % over other seeds and other queries or tasks at once.',
  'error by seeds':
    'Standard error of the mean that the draw of the seed alone would leave, were all queries known.',
  'error by units':
    'Standard error of the mean that the draw of queries or tasks alone would leave, the same for every seed.',
  'error by both':
    'What a seed does on some queries or tasks and not on others: it shrinks with more of either.',
  'pooled queries': 'Of a run made before version 0.2: all queries of several tasks as if they were of one.',
  lead: 'Task card minus the best control, for this measure, this set of cards and this number of examples.',
  k: 'Examples (a query and a document that answers it) written on the card. k = 0 is a description alone. Tables of different k have different test queries and are never mixed.',
  unseen:
    'Tasks held out of training together with every card that overlaps them. The corpus itself is the same.',
  'unseen-combination':
    'Held-out cards whose relation and whose category were both trained, on other cards, and never together: whether cards compose.',
  'unseen-category':
    'Held-out cards whose category was never trained, nor one that overlaps it by more than half; their relation was.',
  'unseen-relation': 'Held-out cards whose relation was never trained; their category was.',
  seen: 'Tasks that were trained. Here a card can act as an id, so only unseen cards show what its content is worth.',
  control: 'A row that learns nothing about the card. The best of them is what the task card must beat.',
  'best control':
    'The highest of frozen, card as text, exemplar shift and no card on this very table, which favours the control.',
  frozen: 'The encoder as it is published, untouched.',
  'card as text': 'q + λ·(encoded description − mean description). Not learned; λ chosen on dev.',
  'exemplar shift':
    'q + λ·(mean example document − corpus mean), the better of its variants on dev. Not learned; the control that is hard to beat.',
  BM25: 'Lexical ranking by term frequency (k1, b at their defaults). Not learned, no encoder.',
  'no card':
    'The same network, trained alike, fed one constant card: what is left is capacity and labels. Isolates what the card is worth.',
  'task card': 'The hypernetwork, fed the task’s own card.',
  'handed out':
    'For each task the head that did best on dev by more than noise, else the frozen encoder: what export, search and the playground use. + BM25: with the share of BM25 that dev shows to help.',
  'wrong card':
    'The same network, fed the card of another task. It should fall below frozen: then the content of the card is what matters.',
  'pooled card':
    'One network for all families, fed the task’s own card, trained alike: what experts are an alternative to.',
  'own family':
    'The expert of the task’s own family alone, whole: an oracle, since nobody says of a new corpus which family it is of.',
  'nearest expert': 'The expert of the nearest trained card alone, whole, however near that is.',
  experts:
    'The heads that make up this card’s head, each with its weight. They are chosen by how near the card is to the trained cards of each; together they weigh at most 1, the rest is the frozen encoder.',
  likeness:
    'Mean of the three highest cosines of this card’s text, and of the mean document of its corpus, to the trained cards of an expert; both seen from the middle of all experts. A gate, fitted with trained cards left out, makes the weight of it.',
  'nearest trained card':
    'The trained card whose text and corpus together are nearest, with the cosines of both. The further away it is, the less was learned about such a card.',
  'another card':
    'The same query through the head of another card, or of the same network trained in another run.',
  fused:
    '(1 − w) · this card + w · BM25, both brought to one scale first. Frozen stands in where there is no card.',
  'strength of the head':
    'α in frozen + α · (card − frozen): 0 ranks as the frozen encoder does, 1 as the head alone.',
  'other card added':
    'β · (other card − frozen), added to the score: above 0 the other card is added, below 0 it is taken away.',
  'share of BM25':
    'w in (1 − w) · this card + w · BM25, both on the scale chosen below: 0 ranks as this card does, 1 as BM25. Used by Fused alone.',
  'min-max':
    '(score − lowest) / (highest − lowest), over the union of the first 1,000 documents of both: each system goes from 0 to 1, so a share means the same on short and on long texts.',
  'z-score':
    '(score − mean) / standard deviation, over the whole corpus. On short texts, most of which match no word, one matched word is very loud: a small share of BM25 decides everything.',
  judged:
    'Somebody judged this document for this very query and task. Only such marks count in the measures.',
  'what the head adds':
    'Score under this card minus the frozen score: what the card’s head did to this document.',
  'leave one out':
    'The same card compiled again without this part (a part left out stands at its mean). Below 0 the score of this document falls without it: the part lifts the document. Above 0 the part holds it down. The arrow says where the rank goes without it.',
  'frozen rank': 'Rank of this document under the frozen encoder, over the whole corpus.',
  parity:
    'Greatest difference between the vectors that the exported head makes and those of the network itself, over probe queries of the corpus. Up to 1e-5 it is rounding.',
  cosine:
    'Cosine of the query vector, through the head where there is one, and the document vector: from −1 to 1.',
  'card score':
    'Cosine of the query vector through the head and the document vector. With another α or β it is frozen + α · (card − frozen) + β · (other card − frozen), a sum of such cosines and no cosine itself.',
  'BM25 score':
    'Sum over the words that query and document share: the rarer in the corpus and the more frequent in a short document, the more. No cosine, without an upper end, and not comparable between queries.',
  'fused score':
    'Weighted sum of two scores that were brought to one scale, no cosine. By min-max from 0, last in both, to 1, first in both; below 0 stand documents that are among the first 1,000 of neither, in the order of this card. By z-scores: standard deviations above the mean of the corpus.',
  student:
    'The frozen encoder that is to be taught: a teacher below it teaches what the measure does not reward.',
  'to student': 'nDCG@10 less the student’s, on the same dev queries.',
  coverage:
    'Mean share of a query’s judged documents of the corpus that are among the first 100: what a teacher can say anything about.',
  'agreement with judgments':
    'Mean share of pairs (a relevant and another document of the candidates) that are ordered as the judgments have it; .5 is chance.',
  'ms a query':
    'Milliseconds to order one query. Building an index and encoding the corpus happen once and are not in it.',
  gate: 'A teacher whose nDCG@10 on a task’s dev queries is below the student’s is gated: the task learns nothing from it, unless the gate is turned off for a run.',
  weights: 'What it settled by itself on dev queries.',
  'pairs ordered alike':
    'Of the document pairs among the first 100 of two lists, among documents that both name: the share that both order alike. .5 is chance, 1 the same order.',
  'examples of an audit':
    'The dev queries on which a teacher beats the student by most, then those on which one loses by most, by nDCG@10; the first five documents of each order.',
  'dev queries asked': 'Those with the smallest sha1 of their id. Empty: all of them.',
  finding:
    'What the linter noticed. An error makes scores wrong, a warning makes them doubtful, a note is good to know.',
  document: 'A text that can be found. All of them together are the corpus.',
  query: 'A text that is asked.',
  judgment:
    'Somebody said of a document how well it answers a query: a grade above 0 is relevant, 0 or below is not.',
  split:
    'Train is learned from, dev is chosen on, test is scored. A query may be asked in several tasks and counts in each.',
  task: 'A dataset with a card: what is searched for in it. Each is scored by itself.',
  'own document':
    'A query that is itself a document of the corpus would always find itself first; by this rule that document leaves its ranking.',
  words: 'Stretches between white space, title included. Of every text.',
  tokens:
    'What the encoder reads a text as, its two special tokens included. Of up to 1,000 texts at even distances.',
  cut: 'Share of these texts that have more tokens than the encoder reads. What stands after them is never found.',
  median: 'Half of the texts are no longer.',
  p95: '95 % of the texts are no longer.',
  loss: 'Listwise cross-entropy over the candidates, mean of the steps since the last point. Comparable within one run only.',
  'gradient norm':
    'Length of the gradient of all weights before it is clipped, mean of the steps since the last point. A sudden rise comes before a divergence.',
  'head cosine':
    'Cosine between what the heads of two cards do to the same 16 train queries, mean over up to 16 cards. Near 1 the card no longer matters.',
  'effective rank':
    'How many different heads there are: 1 where all cards get the same, the number of cards looked at (up to 16) where none is like another.',
  'dev measure': 'nDCG@10 on dev queries of trained tasks: never on test queries, never on unseen tasks.',
  rate: 'Units a second over the last seconds.',
  remaining: 'Estimated for the present phase only.',
  'nearest nested':
    'Unseen cards of which a trained one holds more than half of the documents, or that hold more than half of a trained one’s. There are none under the strict rule, except among combinations.',
  'nearest overlapping':
    'Unseen cards that share documents with a trained one, without more than half of either lying in the other.',
  'nearest apart': 'Unseen cards of which no trained card has a single document.',
  'lead over frozen':
    'nDCG@10 of a task’s test queries under a card, minus that of the frozen encoder on the same queries. A card is compiled once, with the examples and the centre of its own corpus: the head that its export has.',
  'margin of the diagonal':
    'Own card minus the mean of all other cards, query by query, mean over tasks. Near 0 any card does as well.',
  'documents seen':
    'Queries of which at least one relevant document is relevant to a train query, too: what the head gains here may be knowledge of these very documents.',
  'documents unseen':
    'Queries of whose relevant documents no train query found any relevant: what the head gains here it did not learn of these documents. Tasks of corpora that nothing trained on are in neither line.',
  'hold-out strict':
    'Leaves out of training every card that is nested with an unseen one: that has more than half of its documents inside it, or more than half of the unseen one’s inside itself. The protocol to publish.',
  'hold-out one-way':
    'Leaves out of training every card with more than half of its documents inside an unseen one. A broader card that holds all of an unseen one may be trained. Called strict in version 0.2 and before.',
  'hold-out combinations':
    'For cards made of a relation and a category: half of the unseen tasks are on categories that are neither trained nor nested with a trained one, half are combinations of a trained relation and a trained category.',
  'hold-out corpora':
    'Holds out whole corpora, of each family the same share: no document, query or card of theirs is trained, and all of their judged queries judge.',
  'hold-out families':
    'Holds out whole families of corpora, so that nothing of their kind is trained. A collection by itself is a family of one.',
  'hold-out loose':
    'Leaves out cards that overlap an unseen one by more than half (Jaccard). Small relatives of an unseen card may be trained.',
  'headline of a run':
    'nDCG@10 of the task card, of the frozen encoder where nothing was trained: on unseen cards where there are any, with the fewest examples on the card. The line is its 95 % interval, all runs on one scale. Runs on other tasks have other test queries.',
  'lead of a run':
    'Task card minus the best control of the same table. Not shown: chance alone gives such a difference too often, after correction for the comparisons of the table.',
  'best, not last':
    'nDCG@10 on dev queries of trained tasks, at the step where it was best; below it, where training ended. Far apart: it trained too long.',
  seed: 'One number that sets exemplars, initialisation and sampling, each from a stream of its own.',
  'split seed': 'Draws which cards are held out, and nothing else. Empty: the seed.',
  steps: 'Training steps of each network. Empty: as the preset says.',
  'other wordings':
    'Other ways to say the description, one drawn at random in each training step, so that a network learns the sense and not the phrase. Searching looks at the description alone.',
  'cards to try':
    'Of the held-out cards of the run those that put the most other documents among the first ten of a judged query. Whether they are better is not what they were chosen by.',
  'random examples':
    'In the order in which evaluation draws them with this seed: by the hash of seed and query id, the highest-graded document of each.',
  'diverse examples':
    'Of the first 512 in random order those whose queries are farthest apart, and far from those on the card: each next one is the one whose nearest chosen neighbour is farthest (farthest-first, Gonzalez 1985).',
  'searched examples': 'Pairs of the train split whose query or document have every word.',
  'seed of a draw':
    'Another seed is another order. The seed of a run draws what that run’s evaluation shows.',
  'generated query':
    'Written by a model of the document below it, and read by nobody yet. No card has it until it is accepted.',
  'seed of suggestions':
    'The same model, document and seed give the same queries. Another seed reads other documents of the task, too.',
  'nearness of cards':
    'Cosine of what the network is told of the two cards: description, queries, documents and the difference of the two, each less the mean. Of a trained card its nearest wording counts. 1 is the same card to it, 0 has nothing to do with it.',
  'unlike the trained':
    'Share of the ways in which trained cards were said that are at least as far from every other card as this one is, itself counted. Below .05 it is called unlike them: the bound is that of every test here, and how far is far comes from the trained cards themselves.',
  timing:
    'Time inside the engine: encode the query and the card, compile the card to a head, rank the whole corpus.',
} as const

export type Term = keyof typeof DEFINITIONS

/** The definition of a term, empty where the glossary has none. */
export function define(term: string): string {
  return term in DEFINITIONS ? DEFINITIONS[term as Term] : ''
}
