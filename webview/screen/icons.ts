/** Paths on a grid of 16 × 16, drawn as lines. */
export const icons = {
  keyboard: 'M1.5 4.5h13v7.5h-13z M4 7h.01 M6.5 7h.01 M9 7h.01 M11.5 7h.01 M4.5 9.5h7',
  clipboard: 'M5.5 3h-2v11h9V3h-2 M5.5 2h5v2.5h-5z M6 8h4 M8 8v4',
  save: 'M8 2v7.5 M4.8 6.5 8 9.7l3.2-3.2 M2.5 10.5v3h11v-3',
  copy: 'M5.5 5.5h8v8h-8z M10.5 5.5v-3h-8v8h3',
  scaling: 'M2.5 6v-3.5h3.5 M10 2.5h3.5v3.5 M13.5 10v3.5h-3.5 M6 13.5h-3.5v-3.5 M6 6h4v4h-4z',
  eye: 'M1.5 8s2.4-4.5 6.5-4.5 6.5 4.5 6.5 4.5-2.4 4.5-6.5 4.5-6.5-4.5-6.5-4.5z M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z',
  reconnect: 'M13.2 8a5.2 5.2 0 1 1-1.6-3.8 M13.4 1.8v3h-3',
} as const
