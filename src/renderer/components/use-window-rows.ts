import { computed, type Ref, shallowRef } from 'vue'

/** Rows above and below the view that are drawn too, so that a quick scroll shows no gap. */
const MARGIN = 8

/** Which rows of a long table to draw: those in view, at a fixed height each. The rest is two spacers. */
export function useWindowRows<Row>(rows: Ref<readonly Row[]>, rowHeight: number, viewHeight: number) {
  const top = shallowRef(0)
  const first = computed(() =>
    Math.max(0, Math.min(Math.floor(top.value / rowHeight), rows.value.length - 1) - MARGIN),
  )
  const last = computed(() =>
    Math.min(rows.value.length, first.value + Math.ceil(viewHeight / rowHeight) + 2 * MARGIN),
  )
  return {
    visible: computed(() =>
      rows.value.slice(first.value, last.value).map((row, index) => ({ row, index: first.value + index })),
    ),
    before: computed(() => first.value * rowHeight),
    after: computed(() => (rows.value.length - last.value) * rowHeight),
    onScroll: (event: Event) => {
      top.value = (event.target as HTMLElement).scrollTop
    },
  }
}
