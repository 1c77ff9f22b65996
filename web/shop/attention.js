// Calling somebody who looks elsewhere: a sound, the title, a shake of the phone. Each only where it is allowed.

const soundKey = "doorbuster:sound";
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let audio = null;
let blinking = null;

export function soundIsOn() {
  try {
    return localStorage.getItem(soundKey) !== "off";
  } catch {
    return true;
  }
}

export function turnSound(on) {
  try {
    localStorage.setItem(soundKey, on ? "on" : "off");
  } catch {
    // It stays as it was.
  }
  if (on) play([660]);
}

// Browsers let a page sound only after somebody has touched it.
function allowSound() {
  if (globalThis.AudioContext) audio ??= new AudioContext();
  if (audio?.state === "suspended") audio.resume().catch(() => {});
}

for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, allowSound, { once: true });

function play(tones) {
  if (audio?.state !== "running") return;
  tones.forEach((hertz, index) => {
    const [tone, volume, from] = [audio.createOscillator(), audio.createGain(), audio.currentTime + index * 0.18];
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, from);
    volume.gain.exponentialRampToValueAtTime(0.25, from + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.5);
    tone.connect(volume).connect(audio.destination);
    tone.start(from);
    tone.stop(from + 0.5);
  });
}

// `words` alternates with the page's title until somebody looks; where motion is not wanted, it stays.
export function callBack(words) {
  if (soundIsOn()) play([660, 880, 990]);
  if (!calm.matches && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([200, 100, 200]);
  clearInterval(blinking);
  if (!document.hidden || calm.matches) return;
  const title = document.title;
  blinking = setInterval(() => { document.title = document.title === words ? title : words; }, 1000);
  document.addEventListener("visibilitychange", () => {
    clearInterval(blinking);
    document.title = title;
  }, { once: true });
}
