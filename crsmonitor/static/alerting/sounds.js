// @ts-check
// Whether this device rings and shakes at a new alarm. Kept in the browser, since a device has it, not a person; where
// nothing was chosen, or the browser keeps nothing, both are on.

const KEY = "crs-alarm-sounds";

/** @typedef {{ sound: boolean, vibration: boolean }} Sounds */

/**
 * @param {Pick<Storage, "getItem">} [storage]  of this browser, unless another is given
 * @returns {Sounds}
 */
export function soundsOf(storage) {
  try {
    const { sound, vibration } = JSON.parse((storage ?? localStorage).getItem(KEY) ?? "{}");
    return { sound: sound !== false, vibration: vibration !== false };
  } catch {
    return { sound: true, vibration: true };
  }
}

/**
 * @param {Sounds} sounds
 * @param {Pick<Storage, "setItem">} [storage]
 * @returns {boolean} whether the browser keeps it
 */
export function keepSounds(sounds, storage) {
  try {
    (storage ?? localStorage).setItem(KEY, JSON.stringify(sounds));
    return true;
  } catch {
    return false;
  }
}
