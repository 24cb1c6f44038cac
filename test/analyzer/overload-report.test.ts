import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overloadLevel, videoIsShed } from '../../plugin/analyzer/overload-report.ts';

test('whatever is worse off decides: the queue of the model or the decoders', () => {
  assert.equal(overloadLevel({ inference: 0, decoding: 0 }), 0);
  assert.equal(overloadLevel({ inference: 1, decoding: 0 }), 1);
  assert.equal(overloadLevel({ inference: 1, decoding: 1 }), 2, 'decoders that look for fewer faces');
  assert.equal(overloadLevel({ inference: 0, decoding: 2 }), 3, 'decoders that leave video out');
  assert.equal(overloadLevel({ inference: 4, decoding: 2 }), 4);
});

test('results say that video is shed only when no face is looked at any more', () => {
  assert.equal(videoIsShed({ inference: 2, decoding: 1 }), false);
  assert.equal(videoIsShed({ inference: 3, decoding: 0 }), true);
  assert.equal(videoIsShed({ inference: 0, decoding: 2 }), true);
});
