/**
 * What the rules may add, by what it is about. A wording gets at most one phrase of a group, so that no two of them
 * quarrel, and none of a group that the given words speak of already. Nothing here names a colour, an age, a sex or a
 * mood: those are the person's own. Light and lens are told as the photo's own, whatever it shows.
 */
export interface PhraseGroup {
  readonly about: string;
  /** Given words that speak of the same. */
  readonly spokenOf: RegExp;
  readonly phrases: readonly string[];
}

/** What is to be seen. */
export const WISHES: readonly PhraseGroup[] = [
  {
    about: 'iris',
    spokenOf: /\b(fib(re|er)s?|limbal|collarette|crypts?|texture of the iris)\b/i,
    phrases: [
      'fine radial fibres in the iris',
      'a soft dark limbal ring',
      'delicate collarette around the pupil',
      'iris texture with gentle depth',
      'the iris slightly darker at its rim',
      'subtle crypts and furrows in the iris',
    ],
  },
  {
    about: 'pupil',
    spokenOf: /\bpupils?\b/i,
    phrases: [
      'round centred pupils of equal size',
      'clean pupil edges',
      'both pupils sized for the light',
      'deep black pupils',
    ],
  },
  {
    about: 'lids',
    spokenOf: /\b(crease|waterline|lash(es)?|canthus|lid margins?)\b/i,
    phrases: [
      'upper lids resting just over the top of the iris',
      'a clear upper lid crease',
      'thin moist lower lid margins',
      'separate natural lashes',
      'lower lids touching the rim of the iris',
      'inner corners with a small pink caruncle',
      'lids relaxed and even on both sides',
    ],
  },
  {
    about: 'white of the eye',
    spokenOf: /\b(sclera|whites?)\b/i,
    phrases: [
      'whites shaded softly beneath the upper lids',
      'off-white sclera with faint veins',
      'the eyeballs rounded by gentle shading',
      'whites no brighter than the skin around them',
    ],
  },
  {
    about: 'catchlight',
    spokenOf: /\b(catch-?lights?|reflections?|glints?|sparkl\w*)\b/i,
    phrases: [
      'one small catchlight in each eye',
      'matching catchlights above the pupils',
      'a faint window reflection on both corneas',
      'moist corneas with a quiet glint',
      'catchlights at the same height',
    ],
  },
  {
    about: 'light',
    spokenOf: /\b(light|lit|lighting|sun\w*|shade|shadows?|flash|daylight|candle\w*|dusk|dawn|neon)\b/i,
    phrases: [
      'lit like the rest of the face',
      'light that follows the brow and the cheek',
      'light falling off gently towards the outer corners',
      'the same light on both eyes',
      'gentle contrast between lid and eyeball',
    ],
  },
  {
    about: 'lens',
    spokenOf: /\b(lens|mm|bokeh|depth of field|aperture|f\/\d|macro|focus|grain)\b/i,
    phrases: [
      '85mm portrait lens',
      'focus on the nearer eye',
      'shallow depth of field',
      'grain as in the rest of the photo',
      'unretouched skin texture',
      'the sharpness of the surrounding skin',
    ],
  },
];

/** What is to be avoided. */
export const AVOIDANCES: readonly PhraseGroup[] = [
  {
    about: 'lids',
    spokenOf: /\b(drooping|sagging|lid edges?|squint\w*)\b/i,
    phrases: [
      'drooping lids',
      'squinting',
      'doubled lid edges',
      'swollen lids',
      'a lid line across the pupil',
      'missing lash line',
    ],
  },
  {
    about: 'pupil',
    spokenOf: /\bpupils?\b/i,
    phrases: [
      'pupils of different size',
      'oval pupils',
      'off-centre pupils',
      'missing pupils',
      'ragged pupil edges',
    ],
  },
  {
    about: 'iris',
    spokenOf: /\b(smeared|mismatched)\b/i,
    phrases: [
      'smeared iris',
      'mismatched eyes',
      'two eyes of different colour',
      'flat painted iris',
      'iris spilling over the lid',
    ],
  },
  {
    about: 'gaze',
    spokenOf: /\b(gaze|staring|cross-?eyed|wall-?eyed|looking (up|away|aside))\b/i,
    phrases: ['wandering gaze', 'eyes rolled up', 'startled stare', 'eyes pointing apart'],
  },
  {
    about: 'light',
    spokenOf: /\b(red-?eye|glow\w*|catch-?lights?|reflections?)\b/i,
    phrases: [
      'red-eye from a flash',
      'glowing eyes',
      'several catchlights in one eye',
      'bleached bright sclera',
      'glassy doll eyes',
    ],
  },
  {
    about: 'craft',
    spokenOf: /\b(render|cgi|cartoon|anime|plastic|airbrush\w*|illustration|painting)\b/i,
    phrases: [
      'airbrushed skin',
      '3d render',
      'plastic skin',
      'cartoon',
      'waxy smoothing',
      'contact lens edge',
    ],
  },
  {
    about: 'picture',
    spokenOf: /\b(artefacts?|artifacts?|halos?|seams?|oversharpen\w*|watermark|noise)\b/i,
    phrases: [
      'sharpening halos',
      'compression artefacts',
      'a visible seam',
      'motion smear',
      'text and watermark',
    ],
  },
];

export const ALL_PHRASES: readonly string[] = [...WISHES, ...AVOIDANCES].flatMap(({ phrases }) => phrases);
