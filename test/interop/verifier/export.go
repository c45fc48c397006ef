package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// description is export.json. Nothing in it is believed, but the key where none was given.
type description struct {
	Format                                            int
	Election, Definition, Position, Key, Log, Results string
	Fingerprint                                       *string
}

// head is the election head: what one signature binds.
type head struct {
	election, definition string
	shards               []tlog.Tree
	// keys and fingerprint are empty where the head has none.
	keys, fingerprint string
}

// place is where an event lies.
type place struct{ shard, offset int }

type export struct {
	folder      string
	wrong       faults
	description description
	key         verifierKey
	// keys: from the first to the one that signs now.
	keys     []verifierKey
	head     head
	election *election
	// recordKeys: what records lie under, where that is not what their events give.
	recordKeys map[place]string
}

// verifierKey is an Ed25519 key that signs under several names.
type verifierKey struct {
	text   string
	public []byte
}

// openExport reads and checks all but the log and the results.
func openExport(folder, key string) *export {
	x := &export{folder: folder}
	text, ok := x.read("export.json")
	if !ok {
		return x
	}
	if json.Unmarshal(text, &x.description) != nil || x.description.Format != 1 {
		x.wrong.add("export.json", "does not describe an export of format 1")
		return x
	}
	if x.key, ok = parseKey(x.description.Key); !ok {
		x.wrong.add("export.json", "%q is no verifier key of an election head", x.description.Key)
		return x
	}
	x.readRotations()
	if key != "" && !slices.ContainsFunc(x.keys, func(k verifierKey) bool { return k.text == key }) {
		x.wrong.add("export.json", "names the key %s, not the one that was given", x.description.Key)
	}
	x.readHead()
	if len(x.wrong) == 0 {
		x.readDefinition()
		x.readRecordKeys()
	}
	return x
}

// isComplete says whether results.csv has all rows.
func (x *export) isComplete() bool {
	return x.description.Results == "complete"
}

// read gives a file's bytes; one that is missing is told.
func (x *export) read(path string) ([]byte, bool) {
	content, err := os.ReadFile(filepath.Join(x.folder, path))
	if err != nil {
		reason := err.Error()
		if errors.Is(err, fs.ErrNotExist) {
			reason = "is missing"
		}
		x.wrong.add(path, "%s", reason)
	}
	return content, err == nil
}

// openSigned gives the text of a note that one of the keys signed under the name.
func (x *export) openSigned(path, name string, keys ...verifierKey) (string, bool) {
	message, ok := x.read(path)
	if !ok {
		return "", false
	}
	var last error
	for _, key := range keys {
		text, err := openNote(message, name, key)
		if err == nil {
			return text, true
		}
		last = err
	}
	x.wrong.add(path, "%v", last)
	return "", false
}

// openNote gives the text of a note that the key signed under the name.
func openNote(message []byte, name string, key verifierKey) (string, error) {
	text, err := note.NewEd25519VerifierKey(name, key.public)
	if err != nil {
		return "", err
	}
	verifier, err := note.NewVerifier(text)
	if err != nil {
		return "", err
	}
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		return "", fmt.Errorf("is not signed by %s: %w", text, err)
	}
	return opened.Text, nil
}

// rotationLines: three of text, an empty one, and the one signature.
const rotationLines = 5

// readRotations reads which keys signed before the present one: each names the next.
func (x *export) readRotations() {
	x.keys = []verifierKey{x.key}
	content, err := os.ReadFile(filepath.Join(x.folder, "rotations"))
	if err != nil {
		return
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(content), "\n"), "\n")
	var chain []verifierKey
	for at := 0; at < len(lines); at += rotationLines {
		if at+rotationLines > len(lines) {
			x.wrong.add("rotations", "is no list of signed notes")
			return
		}
		from, to, err := x.readRotation(strings.TrimSuffix(strings.Join(lines[at:at+rotationLines], ""), "\n") + "\n")
		follows := len(chain) == 0 || chain[len(chain)-1].text == from.text
		isBack := slices.ContainsFunc(append(chain, from), func(k verifierKey) bool { return k.text == to.text })
		if err != nil || !follows || isBack {
			x.wrong.add("rotations", "rotation %d does not go on from the key before it: %v", at/rotationLines+1, err)
			return
		}
		if len(chain) == 0 {
			chain = append(chain, from)
		}
		chain = append(chain, to)
	}
	if chain[len(chain)-1].text != x.key.text {
		x.wrong.add("rotations", "do not lead to %s", x.key.text)
		return
	}
	x.keys = chain
}

var rotationText = regexp.MustCompile(`^([^\n]+)\nfrom ([^\n]+)\nto ([^\n]+)\n$`)

// readRotation gives the keys before and after.
func (x *export) readRotation(message string) (from, to verifierKey, err error) {
	text, _, _ := strings.Cut(message, "\n\n")
	head, _, _ := strings.Cut(x.key.text, "+")
	name := "tally/" + electionOf(head) + "/rotation"
	match := rotationText.FindStringSubmatch(text + "\n")
	if match == nil || match[1] != name {
		return from, to, errors.New("it is no rotation")
	}
	from, isKey := parseKey(match[2])
	to, isNext := parseKey(match[3])
	if !isKey || !isNext || !strings.HasPrefix(from.text, head+"+") || !strings.HasPrefix(to.text, head+"+") {
		return from, to, errors.New("it names no keys of this election")
	}
	_, err = openNote([]byte(message), name, from)
	return from, to, err
}

func (x *export) readHead() {
	name, _, _ := strings.Cut(x.key.text, "+")
	text, ok := x.openSigned("head", name, x.key)
	if !ok {
		return
	}
	if x.head, ok = parseHead(text); !ok || x.head.election != electionOf(name) {
		x.wrong.add("head", "is signed, but is no election head of %s", name)
		return
	}
	differs := func(what, told, signed string) {
		if told != signed {
			x.wrong.add("export.json", "names the %s %q, the signed head %q", what, told, signed)
		}
	}
	fingerprint := ""
	if x.description.Fingerprint != nil {
		fingerprint = *x.description.Fingerprint
	}
	differs("election", x.description.Election, x.head.election)
	differs("definition", x.description.Definition, x.head.definition)
	differs("position", x.description.Position, x.head.position())
	differs("fingerprint", fingerprint, x.head.fingerprint)
	if x.isComplete() != (x.head.fingerprint != "") {
		x.wrong.add("head", "has a fingerprint exactly if the results are complete")
	}
}

func (x *export) readDefinition() {
	content, ok := x.read("definition.json")
	if !ok {
		return
	}
	if digest := hexSum(content); digest != x.head.definition {
		x.wrong.add("definition.json", "has the digest %s, and %s was signed", digest, x.head.definition)
		return
	}
	var err error
	if x.election, err = readElection(content); err != nil {
		x.wrong.add("definition.json", "%v", err)
	} else if x.election.id != x.head.election || x.election.shards != len(x.head.shards) {
		x.wrong.add("definition.json", "is of another election than the head, or of other shards")
	}
}

func (x *export) readRecordKeys() {
	if x.head.keys == "" || x.description.Log == "hashes" {
		return
	}
	path := "record-keys.ndjson"
	content, ok := x.read(path)
	if !ok {
		return
	}
	if hexSum(content) != x.head.keys {
		x.wrong.add(path, "is not the list that was signed")
		return
	}
	x.recordKeys = map[place]string{}
	for _, line := range bytes.Split(bytes.TrimSuffix(content, []byte("\n")), []byte("\n")) {
		var row struct {
			Shard, Offset int
			Key           string
		}
		if err := json.Unmarshal(line, &row); err != nil {
			x.wrong.add(path, "%v", err)
			return
		}
		x.recordKeys[place{row.Shard, row.Offset}] = row.Key
	}
}

// position prints the sizes of all shards: 0:1234,1:99
func (h head) position() string {
	parts := make([]string, len(h.shards))
	for shard, tree := range h.shards {
		parts[shard] = fmt.Sprintf("%d:%d", shard, tree.N)
	}
	return strings.Join(parts, ",")
}

// format writes the head as it is signed.
func (h head) format() string {
	text := fmt.Sprintf("tally/%s/head\ndefinition %s\n", h.election, h.definition)
	for shard, tree := range h.shards {
		text += fmt.Sprintf("shard %d %d %s\n", shard, tree.N, tree.Hash)
	}
	if h.keys != "" {
		text += "keys " + h.keys + "\n"
	}
	if h.fingerprint != "" {
		text += "fingerprint " + h.fingerprint + "\n"
	}
	return text
}

// parseHead takes a head only in the one form that it has.
func parseHead(text string) (head, bool) {
	var h head
	for i, line := range strings.Split(text, "\n") {
		words := strings.Split(line, " ")
		switch {
		case i == 0:
			h.election = electionOf(line)
		case words[0] == "definition" && len(words) == 2:
			h.definition = words[1]
		case words[0] == "shard" && len(words) == 4:
			size, err := strconv.ParseInt(words[2], 10, 64)
			root, rootErr := tlog.ParseHash(words[3])
			if err != nil || rootErr != nil || size < 0 {
				return h, false
			}
			h.shards = append(h.shards, tlog.Tree{N: size, Hash: root})
		case words[0] == "keys" && len(words) == 2:
			h.keys = words[1]
		case words[0] == "fingerprint" && len(words) == 2:
			h.fingerprint = words[1]
		}
	}
	return h, len(h.shards) > 0 && h.format() == text
}

var headName = regexp.MustCompile(`^tally/([A-Za-z0-9._-]{1,64})/head$`)

func electionOf(name string) string {
	if match := headName.FindStringSubmatch(name); match != nil {
		return match[1]
	}
	return ""
}

// parseKey takes the public key out of a verifier key: NAME+ID+BASE64 of 0x01 and the key.
func parseKey(text string) (verifierKey, bool) {
	parts := strings.SplitN(text, "+", 3)
	if _, err := note.NewVerifier(text); err != nil || electionOf(parts[0]) == "" {
		return verifierKey{}, false
	}
	bytes, err := base64.StdEncoding.DecodeString(parts[2])
	return verifierKey{text, bytes[1:]}, err == nil
}

func hexSum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
