// @ts-check
// A new alarm is heard and felt where the tablet allows it: browsers do so once somebody has touched the page.

import { soundsOf } from "./sounds.js";

const BEEPS = 3;
const BEEP_S = 0.18;
const EVERY_S = 0.4;
const HERTZ = 880;
const LOUD = 0.4;

/** @type {AudioContext | undefined} */
let sound;

function beep() {
  sound ??= new AudioContext();
  if (sound.state === "suspended") sound.resume().catch(() => {});
  for (let n = 0; n < BEEPS; n++) {
    const tone = new OscillatorNode(sound, { frequency: HERTZ });
    const volume = new GainNode(sound, { gain: LOUD });
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + n * EVERY_S);
    tone.stop(sound.currentTime + n * EVERY_S + BEEP_S);
  }
}

export function ring() {
  if (!navigator.userActivation?.hasBeenActive) return;
  const { sound, vibration } = soundsOf();
  if (vibration) navigator.vibrate?.([200, 100, 200]);
  if (sound) beep();
}
