// Calling somebody who looks elsewhere: a sound, the title, a shake of the phone. Each only where it is allowed.

const soundKey = "doorbuster:sound";
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const touches = ["pointerup", "keydown"];
let asked = null; // an AudioContext that the browser may not let sound yet
let audio = null; // the same, once it may
let sounding = 0; // tones
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

// Browsers let a page sound only after somebody has touched it (a finger counts when it is lifted).
async function allowSound() {
  if (!globalThis.AudioContext) return;
  asked ??= new AudioContext();
  await asked.resume();
  audio = asked;
  for (const touch of touches) removeEventListener(touch, allowSound);
  rest();
}

for (const touch of touches) addEventListener(touch, allowSound);

// Until there is something to hear: what runs works all the time, for silence too.
function rest() {
  if (sounding === 0) audio.suspend();
}

async function play(tones) {
  if (!audio) return;
  sounding += tones.length;
  await audio.resume();
  tones.forEach((hertz, index) => {
    const [tone, volume, from] = [audio.createOscillator(), audio.createGain(), audio.currentTime + index * 0.18];
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, from);
    volume.gain.exponentialRampToValueAtTime(0.25, from + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.5);
    tone.connect(volume).connect(audio.destination);
    tone.start(from);
    tone.stop(from + 0.5);
    tone.addEventListener("ended", () => {
      sounding -= 1;
      rest();
    });
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
