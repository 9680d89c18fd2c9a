<?php // php verify.php PUBLIC_KEY_HEX TOKEN: prints "genuine" and what the ticket says, or exits with 1. Needs ext-sodium.
[$key, $text] = [sodium_hex2bin($argv[1]), strtoupper(preg_replace('/\s/', '', $argv[2]))];
if (!preg_match('/^T1[A-Z2-7]{144}(\d{8})?$/', $text)) { fwrite(STDERR, "not a token\n"); exit(1); }
$bits = '';
foreach (str_split(substr($text, 2, 144)) as $c)
    $bits .= sprintf('%05b', strpos('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', $c));
$raw = implode('', array_map(fn($byte) => chr(bindec($byte)), str_split($bits, 8)));
if (!sodium_crypto_sign_verify_detached(substr($raw, 26), 'ETK1' . substr($raw, 0, 26), $key)) {
    fwrite(STDERR, "forged\n"); exit(1);
}
$t = unpack('Ckid/Cflags/Cgeneration/Nevent/ndate/Nserial', $raw);
echo "genuine event=$t[event] date=$t[date] serial=$t[serial] generation=$t[generation] kid=$t[kid]\n";
