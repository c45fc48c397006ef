package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxDepth is how deep objects and lists of an event may lie in each other.
const maxDepth = 16

// object is one of JSON. Numbers in it are float64: 1, 1.0 and 1e0 are the same.
type object = map[string]any

// event is one that could be read: what its type promises is there and of the right kind.
type event struct {
	id, kind, source, subject, definition string
	data                                  object
	account                               string
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// readEvent gives false where the entry is no event that anybody could fold.
func readEvent(entry []byte) (event, bool) {
	root, ok := readObject(entry)
	if !ok || root["specversion"] != "1.0" {
		return event{}, false
	}
	data, _ := root["data"].(object)
	actor, _ := data["actor"].(object)
	texts := make([]string, 0, 8)
	for _, value := range []any{
		root["id"], root["type"], root["source"], root["subject"], root["tallydefinition"], root["time"],
		actor["id"], actor["role"], actor["unit"],
	} {
		text, isText := value.(string)
		if !isText {
			return event{}, false
		}
		texts = append(texts, text)
	}
	e := event{texts[0], texts[1], texts[2], texts[3], texts[4], data, texts[6]}
	return e, uuid.MatchString(e.id) && isTextIfThere(data, "reason") && hasShape(e.kind, data)
}

func readObject(entry []byte) (object, bool) {
	entry = bytes.TrimPrefix(entry, []byte("\ufeff"))
	if !utf8.Valid(entry) || !json.Valid(entry) {
		return nil, false
	}
	decoder := json.NewDecoder(bytes.NewReader(keepSurrogates(entry)))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil, false
	}
	value, ok := plain(value, maxDepth)
	root, isObject := value.(object)
	return root, ok && isObject
}

// plain gives a value with its numbers as float64; false where it is nested deeper than allowed.
func plain(value any, depth int) (any, bool) {
	ok := true
	each := func(inner any) any {
		made, isFine := plain(inner, depth-1)
		ok = ok && isFine
		return made
	}
	switch value := value.(type) {
	case json.Number:
		// Beyond the range of a double it is infinite, which is what ParseFloat gives along with its error.
		number, _ := strconv.ParseFloat(string(value), 64)
		return number, true
	case []any:
		for i := range value {
			value[i] = each(value[i])
		}
		return value, ok && depth > 0
	case object:
		for name := range value {
			value[name] = each(value[name])
		}
		return value, ok && depth > 0
	}
	return value, true
}

var escape = regexp.MustCompile(`\\(u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)`)

// keepSurrogates keeps half characters ("\ud800") apart, of each of which Go would make the same U+FFFD.
func keepSurrogates(text []byte) []byte {
	return escape.ReplaceAllFunc(text, func(found []byte) []byte {
		if len(found) == 6 && strings.ContainsRune("dD", rune(found[2])) && found[3] >= '8' {
			return append([]byte(`\ufffd`), bytes.ToLower(found[2:])...)
		}
		return found
	})
}

// hasShape says whether the data has what the event's type promises.
func hasShape(kind string, data object) bool {
	switch kind {
	case "tally.election.opened.v1":
		return isText(data["id"]) && isWhole(data["shards"])
	case "tally.sheet.submitted.v1":
		sheet, _ := data["sheet"].(object)
		expected, isExpected := sheet["expectedRevision"]
		return isText(sheet["station"]) && isText(sheet["contest"]) && (!isExpected || isWhole(expected)) &&
			isTextIfThere(sheet, "reason") && hasFigures(sheet) && hasFindings(data)
	case "tally.sheet.resolved.v1":
		return hasFigures(data) && hasFindings(data) && hasSeen(data) && hasReason(data)
	case "tally.sheet.released.v1", "tally.sheet.returned.v1", "tally.sheet.annulled.v1":
		return hasSeen(data) && hasReason(data)
	case "tally.sheet.verified.v1":
		return hasSeen(data)
	case "tally.count.sealed.v1", "tally.count.unsealed.v1":
		_, isThere := data["seen"]
		return (!isThere || hasSeen(data)) && hasReason(data)
	case "tally.station.closed.v1":
		return isTextIfThere(data, "into") && hasReason(data)
	case "tally.candidate.withdrawn.v1":
		return isText(data["candidate"]) && hasReason(data)
	case "tally.device.enrolled.v1":
		return isText(data["device"]) && isText(data["key"]) && isText(data["role"])
	case "tally.device.revoked.v1":
		return isText(data["device"]) && hasReason(data)
	case "tally.minutes.recorded.v1":
		return isText(data["unit"]) && isText(data["contest"]) && hasFigures(data) && hasReason(data)
	case "tally.contest.certified.v1":
		return isText(data["fingerprint"]) && isText(data["position"]) && hasReason(data)
	case "tally.contest.reopened.v1":
		return hasReason(data)
	}
	return false
}

func isText(value any) bool {
	_, ok := value.(string)
	return ok
}

func isTextIfThere(o object, name string) bool {
	value, isThere := o[name]
	return !isThere || isText(value)
}

// isWhole: from 0 to 2⁵³ − 1.
func isWhole(value any) bool {
	number, ok := value.(float64)
	return ok && number == math.Trunc(number) && number >= 0 && number < 1<<53
}

func hasReason(data object) bool {
	return !isBlank(data["reason"])
}

// isBlank: no text, or nothing but white space as ECMAScript has it.
func isBlank(value any) bool {
	text, _ := value.(string)
	isSpace := func(r rune) bool { return r == '\ufeff' || r != '\u0085' && unicode.IsSpace(r) }
	return strings.TrimFunc(text, isSpace) == ""
}

func hasFigures(o object) bool {
	_, hasFields := o["fields"].(object)
	_, hasVotes := o["votes"].(object)
	return hasFields && hasVotes
}

func hasSeen(data object) bool {
	seen, _ := data["seen"].(object)
	return isWhole(seen["revision"]) && isWhole(seen["offset"])
}

func hasFindings(data object) bool {
	findings, ok := data["findings"].([]any)
	return ok && !slices.ContainsFunc(findings, func(value any) bool {
		finding, _ := value.(object)
		severity, _ := finding["severity"].(string)
		return !isText(finding["rule"]) || !slices.Contains([]string{"info", "warning", "error"}, severity)
	})
}

// content is a digest of what two events with the same id are compared by: all that the sender sent, and the account.
func (e event) content() [sha256.Size]byte {
	sent := object{}
	for name, value := range e.data {
		if name != "actor" && name != "findings" && name != "rules" {
			sent[name] = value
		}
	}
	// Go prints the members of a map sorted.
	return sha256.Sum256(fmt.Appendf(nil, "%q %q %q %#v", e.kind, e.subject, e.account, sent))
}

// figures of one sheet, by their place in the contest; notStated where an optional field was left out.
type figures []int64

const notStated = -1

// readFigures gives false where something is unknown, missing (unless it may be) or no count.
func (c *contest) readFigures(holder object, mayMiss bool) (figures, map[string]string, bool) {
	read := slices.Repeat(figures{notStated}, len(c.names))
	times := map[string]string{}
	sound := true
	for name, value := range holder["fields"].(object) {
		if _, isTime := c.times[name]; isTime {
			times[name], _ = value.(string)
			sound = sound && isTimestamp(value)
			continue
		}
		sound = c.put(read, "field."+name, value) && sound
	}
	for number, value := range holder["votes"].(object) {
		sound = c.put(read, "votes."+number, value) && sound
	}
	for i, value := range read {
		sound = sound && (value != notStated || mayMiss || c.optional[i])
	}
	for name, optional := range c.times {
		_, isThere := times[name]
		sound = sound && (isThere || mayMiss || optional)
	}
	return read, times, sound
}

func (c *contest) put(into figures, name string, value any) bool {
	place, known := c.place[name]
	number, isNumber := value.(float64)
	if !known || !isNumber || !isWhole(number) || number > 999_999_999 || math.Signbit(number) {
		return false
	}
	into[place] = int64(number)
	return true
}

var rfc3339 = regexp.MustCompile(
	`^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// isTimestamp: RFC 3339 with `T` and `Z` in capitals, no leap second, and a day that there is.
func isTimestamp(value any) bool {
	text, _ := value.(string)
	if !rfc3339.MatchString(text) {
		return false
	}
	_, err := time.Parse(time.DateOnly, text[:10])
	return err == nil
}
