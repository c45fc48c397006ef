package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// devices checks what devices signed against the keys that were enrolled for them. It changes nothing that is counted.
type devices struct {
	election *election
	wrong    *faults
	keys     map[string]ed25519.PublicKey
	units    map[string]map[*unit]*enrolment
	// waiting: sheets whose device may be enrolled in a later shard.
	waiting []signedSheet
	// late: accepted sheets whose device was revoked, unless a later shard has another enrolment of it.
	late                                         []signedSheet
	enrolled, revoked, signed, verified, unknown int
}

// enrolment of a device for a unit. Its revocation lies in the same shard.
type enrolment struct {
	shard     int
	isRevoked bool
}

type signedSheet struct {
	place place
	event event
}

func newDevices(e *election, wrong *faults) *devices {
	return &devices{election: e, wrong: wrong, keys: map[string]ed25519.PublicKey{}, units: map[string]map[*unit]*enrolment{}}
}

// take is told of every event that could be read, in the order of its shard.
func (d *devices) take(at place, e event, isAccepted bool) {
	device, _ := e.data["device"].(string)
	_, isSigned := e.data["signature"]
	switch {
	case e.kind == "tally.device.enrolled.v1" && isAccepted:
		d.enrolled++
		d.keys[device] = deviceKey(e.data["key"])
		if d.units[device] == nil {
			d.units[device] = map[*unit]*enrolment{}
		}
		d.units[device][d.election.units[e.subject]] = &enrolment{shard: at.shard}
	case e.kind == "tally.device.revoked.v1" && isAccepted:
		d.revoked++
		d.units[device][d.election.units[e.subject]].isRevoked = true
	case e.kind == "tally.sheet.submitted.v1" && isSigned:
		d.signed++
		sheet := signedSheet{at, e}
		if len(d.enrolments(sheet)) == 0 {
			d.waiting = append(d.waiting, sheet)
		} else if d.check(sheet) && isAccepted && d.isRevoked(sheet) {
			d.late = append(d.late, sheet)
		}
	}
}

// end is called after the last event.
func (d *devices) end() {
	for _, sheet := range d.waiting {
		if len(d.enrolments(sheet)) == 0 {
			d.unknown++
		} else {
			d.check(sheet)
		}
	}
	d.late = slices.DeleteFunc(d.late, func(s signedSheet) bool { return !d.isRevoked(s) })
}

// enrolments gives those of the sheet's device for its station, or a unit above it, by what was read so far.
func (d *devices) enrolments(s signedSheet) (found []*enrolment) {
	device, _ := s.event.data["device"].(string)
	code, _ := s.event.data["sheet"].(object)["station"].(string)
	for at := d.election.units[code]; at != nil; at = at.parent {
		if one := d.units[device][at]; one != nil {
			found = append(found, one)
		}
	}
	return found
}

// isRevoked says whether all of them were revoked in the sheet's shard; what lies in other shards has no order with it.
func (d *devices) isRevoked(s signedSheet) bool {
	return !slices.ContainsFunc(d.enrolments(s), func(e *enrolment) bool { return !e.isRevoked || e.shard != s.place.shard })
}

// check says whether the signature is right.
func (d *devices) check(s signedSheet) bool {
	device, _ := s.event.data["device"].(string)
	sheet := s.event.data["sheet"].(object)
	text, isText := canonical(object{
		"device": device, "election": strings.TrimPrefix(s.event.source, "/elections/"), "id": s.event.id, "sheet": sheet,
		"type": s.event.kind,
	})
	isRight := isText && ed25519.Verify(d.keys[device], []byte(text), fromBase64(s.event.data["signature"], ed25519.SignatureSize))
	if isRight {
		d.verified++
	} else {
		d.wrong.add(fmt.Sprintf("event %d:%d", s.place.shard, s.place.offset), "is not signed by its device %s", device)
	}
	return isRight
}

func (d *devices) tell() string {
	if d.enrolled+d.signed == 0 {
		return ""
	}
	return fmt.Sprintf("devices %d enrolled, %d revoked\nsigned %d, verified %d, by unknown devices %d, after revocation %d\n",
		d.enrolled, d.revoked, d.signed, d.verified, d.unknown, len(d.late))
}

// deviceKey gives nil where the value is no public key in base64.
func deviceKey(value any) ed25519.PublicKey {
	return fromBase64(value, ed25519.PublicKeySize)
}

// deviceOf is what the device of a key is called.
func deviceOf(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:16])
}

// fromBase64 gives as many bytes, or other many where the text is not the one way to write such.
func fromBase64(value any, length int) []byte {
	text, _ := value.(string)
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(bytes) != length || base64.StdEncoding.EncodeToString(bytes) != text {
		return nil
	}
	return bytes
}

// half is what readEvent makes of a half character, which canonical JSON can't say.
var half = regexp.MustCompile("\ufffdd[89a-f][0-9a-f]{2}")

// canonical writes a value of JSON as RFC 8785 has it; false where it can't be said.
func canonical(value any) (string, bool) {
	switch value := value.(type) {
	case nil:
		return "null", true
	case bool:
		return strconv.FormatBool(value), true
	case string:
		return quoted(value), !half.MatchString(value)
	case float64:
		return numberText(value), !math.IsInf(value, 0)
	case []any:
		parts := make([]string, len(value))
		sound := true
		for i, inner := range value {
			text, isText := canonical(inner)
			parts[i], sound = text, sound && isText
		}
		return "[" + strings.Join(parts, ",") + "]", sound
	case object:
		names := sortedKeys(value)
		slices.SortFunc(names, func(a, b string) int {
			return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
		})
		parts := make([]string, len(names))
		sound := true
		for i, name := range names {
			text, isText := canonical(value[name])
			parts[i], sound = quoted(name)+":"+text, sound && isText && !half.MatchString(name)
		}
		return "{" + strings.Join(parts, ",") + "}", sound
	}
	return "", false
}

var short = map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}

func quoted(text string) string {
	var to strings.Builder
	to.WriteByte('"')
	for _, r := range text {
		if escaped, isShort := short[r]; isShort {
			to.WriteString(escaped)
		} else if r < 0x20 {
			fmt.Fprintf(&to, `\u%04x`, r)
		} else {
			to.WriteRune(r)
		}
	}
	to.WriteByte('"')
	return to.String()
}

// numberText writes a number as ECMAScript does.
func numberText(number float64) string {
	size := math.Abs(number)
	if size == 0 {
		return "0"
	}
	if size >= 1e-6 && size < 1e21 {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(number, 'e', -1, 64), "e")
	return digits + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
}
