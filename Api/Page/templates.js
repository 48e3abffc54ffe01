// What a file is, as far as its first bytes say it. A format that two standards share is proposed, never hidden:
// the operator sees it and can change it.

const FORMATS_OF = {
  FINGER: [
    ["ISO_19794_2", "ISO/IEC 19794-2:2005"], ["ISO_19794_2_2011", "ISO/IEC 19794-2:2011"],
    ["ANSI_378", "INCITS 378-2004"], ["ANSI_378_2009", "INCITS 378-2009"],
  ],
  IRIS: [["MATCHCLUSTER_IRIS_1", "MatchCluster iris"], ["OPEN_IRIS_JSON", "open-iris JSON"]],
};

export const FORMATS = Object.values(FORMATS_OF).flat();

const FINGERS = ["THUMB", "INDEX", "MIDDLE", "RING", "LITTLE"];

export const POSITIONS = {
  FINGER: ["UNKNOWN", ...FINGERS.map(one => `RIGHT_${one}`), ...FINGERS.map(one => `LEFT_${one}`)],
  IRIS: ["EYE_UNDEF", "EYE_RIGHT", "EYE_LEFT"],
};

const FOUR = ["INDEX", "MIDDLE", "RING", "LITTLE"];

/** What a picture may show beside one finger or eye: slaps, two or three fingers, both eyes. */
export const POSITIONS_OF_PICTURES = {
  FINGER: [...POSITIONS.FINGER, "PLAIN_RIGHT_FOUR_FINGERS", "PLAIN_LEFT_FOUR_FINGERS", "PLAIN_THUMBS",
    "RIGHT_INDEX_AND_LEFT_INDEX",
    ...["RIGHT", "LEFT"].flatMap(hand => [[0, 2], [1, 3], [2, 4], [0, 3], [1, 4]]
      .map(([first, end]) => `${hand}_${FOUR.slice(first, end).join("_AND_")}`))],
  IRIS: [...POSITIONS.IRIS, "EYE_BOTH"],
};

/** The type whose templates a format holds; undefined of no format. */
export const typeOfFormat = format =>
  Object.keys(FORMATS_OF).find(type => FORMATS_OF[type].some(([name]) => name === format));

/** The type that a position is of; undefined of no position. */
export const typeOfPosition = position =>
  Object.keys(POSITIONS_OF_PICTURES).find(type => POSITIONS_OF_PICTURES[type].includes(position));

/** A position as people write it. */
export const words = position => (position ?? "unknown").toLowerCase().replaceAll("_", " ");

const IMAGES = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47]], ["image/jpeg", [0xff, 0xd8, 0xff]], ["image/bmp", [0x42, 0x4d]],
  ["image/jp2", [0, 0, 0, 0x0c, 0x6a, 0x50]], ["image/x-wsq", [0xff, 0xa0]],
  ["image/tiff", [0x49, 0x49, 0x2a, 0]], ["image/tiff", [0x4d, 0x4d, 0, 0x2a]],
  ["image/j2c", [0xff, 0x4f, 0xff, 0x51]], ["image/x-portable-graymap", [0x50, 0x35]],
];

/** Records of pictures say what they are of. */
const RECORDS = [["finger image record", "FIR\0", "FINGER"], ["iris image record", "IIR\0", "IRIS"]];

const begins = (bytes, start) => start.every((value, index) => bytes[index] === value);
const ascii = text => [...text].map(letter => letter.charCodeAt(0));

/** { format } of a template, { mime } of a picture ({ type } too of a record), null of anything else. */
export function guess(bytes) {
  if (begins(bytes, ascii("FMR\0"))) {
    return { format: fingerFormat(bytes) };
  }
  if (begins(bytes, ascii("MCIT"))) {
    return { format: "MATCHCLUSTER_IRIS_1" };
  }
  const first = bytes.find(value => value > 0x20);
  if (first === 0x7b) {
    return { format: "OPEN_IRIS_JSON" };
  }
  const record = RECORDS.find(([, start]) => begins(bytes, ascii(start)));
  if (record) {
    return { mime: record[0], type: record[2] };
  }
  const image = IMAGES.find(([, start]) => begins(bytes, start));
  return image ? { mime: image[0] } : null;
}

/** Both standards begin alike; ISO has a length of 32 bits after the version, INCITS 378-2004 one of 16. */
function fingerFormat(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length32 = bytes.length >= 12 ? view.getUint32(8) : 0;
  if (begins(bytes.subarray(4), ascii(" 20"))) {
    return length32 === bytes.length ? "ISO_19794_2" : "ANSI_378";
  }
  if (begins(bytes.subarray(4), ascii("035"))) {
    return "ANSI_378_2009";
  }
  return "ISO_19794_2_2011";
}

export function base64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(text);
}

export const fromBase64 = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
