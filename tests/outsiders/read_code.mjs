// Reads the code in each greyscale picture (PGM, P5) with npm's @zxing/library: read_code.mjs FORMAT PICTURE…
import { readFileSync } from "node:fs";
import zxing from "@zxing/library";

const [format, ...files] = process.argv.slice(2);
const hints = new Map([
  [zxing.DecodeHintType.POSSIBLE_FORMATS, [zxing.BarcodeFormat[format]]],
  [zxing.DecodeHintType.TRY_HARDER, true],
]);
for (const file of files) {
  const data = readFileSync(file);
  const [width, height] = data.subarray(0, 40).toString("latin1").match(/^P5\s+(\d+)\s+(\d+)\s+255\s/).slice(1).map(Number);
  const pixels = new Uint8ClampedArray(data.subarray(data.length - width * height));
  const source = new zxing.RGBLuminanceSource(pixels, width, height);
  const bitmap = new zxing.BinaryBitmap(new zxing.HybridBinarizer(source));
  console.log(new zxing.MultiFormatReader().decode(bitmap, hints).getText());
}
