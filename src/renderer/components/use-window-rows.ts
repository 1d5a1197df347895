import { computed, type Ref, shallowRef } from 'vue'

/** Rows above and below the view that are drawn too, so that a quick scroll shows no gap. */
const MARGIN = 8

/**
 * Which rows of a long table to draw: those in view, at a fixed height each. The rest is two spacers. Where the view jumps, its
 * own rows are drawn first and those around it with the next frame: twice half as long is not felt.
 */
export function useWindowRows<Row>(rows: Ref<readonly Row[]>, rowHeight: number, viewHeight: number) {
  const top = shallowRef(0)
  const margin = shallowRef(MARGIN)
  const first = computed(() =>
    Math.max(0, Math.min(Math.floor(top.value / rowHeight), rows.value.length - 1) - margin.value),
  )
  const last = computed(() =>
    Math.min(rows.value.length, first.value + Math.ceil(viewHeight / rowHeight) + 1 + 2 * margin.value),
  )
  function drawAround(): void {
    if (margin.value === 0) return
    margin.value = 0
    requestAnimationFrame(() =>
      setTimeout(() => {
        margin.value = MARGIN
      }),
    )
  }
  return {
    visible: computed(() =>
      rows.value.slice(first.value, last.value).map((row, index) => ({ row, index: first.value + index })),
    ),
    before: computed(() => first.value * rowHeight),
    after: computed(() => (rows.value.length - last.value) * rowHeight),
    onScroll: (event: Event) => {
      const { scrollTop } = event.target as HTMLElement
      if (Math.abs(scrollTop - top.value) > MARGIN * rowHeight) drawAround()
      top.value = scrollTop
    },
  }
}
