// go run verify.go PUBLIC_KEY_HEX TOKEN: prints "genuine" and what the ticket says, or exits with 1.
package main

import ("crypto/ed25519"; "encoding/base32"; "encoding/binary"; "encoding/hex"; "fmt"; "log"; "os"; "strings")

func main() {
	log.SetFlags(0)
	key, err := hex.DecodeString(os.Args[1])
	text := strings.ToUpper(strings.Join(strings.Fields(os.Args[2]), ""))
	if err != nil || len(key) != 32 || !strings.HasPrefix(text, "T1") || len(text) != 146 && len(text) != 154 { log.Fatal("not a token") }
	raw, err := base32.StdEncoding.DecodeString(text[2:146])
	if err != nil { log.Fatal("not a token") }
	if !ed25519.Verify(key, append([]byte("ETK1"), raw[:26]...), raw[26:]) { log.Fatal("forged") }
	number := binary.BigEndian
	fmt.Printf("genuine event=%d date=%d serial=%d generation=%d kid=%d\n",
		number.Uint32(raw[3:]), number.Uint16(raw[7:]), number.Uint32(raw[9:]), raw[2], raw[0])
}
