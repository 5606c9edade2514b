/** Feeds and answers of the twin `types`. float16 as its bits: 1, -5 and 0.5. */
export const typesFeeds = {
  h: { data: new Uint16Array([0x3c00, 0xc500, 0x3800]), dims: [3] },
  keep: { data: new Uint8Array([1, 0, 1]), dims: [3] },
};

export const typesAnswers = {
  kept: { data: new Uint16Array([0x3c00, 0, 0x3800]), dims: [3] },
  dropped: { data: new Uint8Array([0, 1, 0]), dims: [3] },
  whole: { data: new Int32Array([1, -5, 0]), dims: [3] },
};
