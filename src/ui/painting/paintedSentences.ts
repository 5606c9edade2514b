import { AppError } from '../../core/errors';
import type { PaintNote } from '../../core/run';
import { count, errorSentence } from '../words';

const IRIS_UNKNOWN =
  'No photo shows the colour of these eyes, so the description said nothing of it. You can name it.';

/** What a person should know of what was painted, in fine print. */
export function paintedSentences({ irisLeftOut, cut, failures }: PaintNote): readonly string[] {
  const whys = failures.map(({ code, message, details }) =>
    errorSentence(new AppError(code, message, details)),
  );
  return [
    ...(irisLeftOut ? [IRIS_UNKNOWN] : []),
    ...(cut ? [`The end of the description was too long and was not read: “${cut}”.`] : []),
    ...[...new Set(whys)].map((why) => {
      const times = whys.filter((other) => other === why).length;
      return `${count(times, 'picture')} could not be painted. ${why}`;
    }),
  ];
}
