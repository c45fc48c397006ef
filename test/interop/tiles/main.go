// Command tiles checks a log that Tally wrote with the Go project's own packages for such logs: the signature of its
// checkpoint, every tile and entry against it, and proofs made by Tally.
//
//	tiles LOG-FOLDER VERIFIER-KEY [PROOFS.json]
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type inclusion struct {
	Index int64
	Size  int64
	Leaf  string
	Root  string
	Proof []string
}

type consistency struct {
	Older, Newer         int64
	OlderRoot, NewerRoot string
	Proof                []string
}

type proofs struct {
	Inclusion   []inclusion
	Consistency []consistency
}

func main() {
	if len(os.Args) < 3 {
		fail("usage: tiles LOG-FOLDER VERIFIER-KEY [PROOFS.json]")
	}
	tree := openCheckpoint(filepath.Join(os.Args[1], "checkpoint"), os.Args[2])
	entries := checkEntries(os.Args[1], tree)
	checked := 0
	if len(os.Args) > 3 {
		checked = checkProofs(os.Args[3])
	}
	fmt.Printf("entries %d proofs %d root %s\n", entries, checked, tree.Hash)
}

// openCheckpoint gives the tree of a checkpoint that the key signed.
func openCheckpoint(path, key string) tlog.Tree {
	verifier, err := note.NewVerifier(key)
	must(err)
	message, err := os.ReadFile(path)
	must(err)
	opened, err := note.Open(message, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		fail("the checkpoint is not one of " + verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return tlog.Tree{N: size, Hash: hash(lines[2])}
}

// folder reads tiles where C2SP tlog-tiles has them.
type folder struct{ path string }

func (f folder) Height() int { return height }

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		name := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
		bytes, err := os.ReadFile(filepath.Join(f.path, "tile", name))
		if err != nil {
			return nil, err
		}
		data[i] = bytes
	}
	return data, nil
}

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

// checkEntries reads every entry and asks the tiles, which are checked against the root, for its hash.
func checkEntries(path string, tree tlog.Tree) int64 {
	reader := tlog.TileHashReader(tree, folder{path})
	var count int64
	for start := int64(0); start < tree.N; start += 1 << height {
		width := int(min(1<<height, tree.N-start))
		tile := tlog.Tile{H: height, L: -1, N: start >> height, W: width}
		name := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/data/", height), "tile/entries/", 1)
		bundle, err := os.ReadFile(filepath.Join(path, name))
		must(err)
		indexes := make([]int64, width)
		for i := range indexes {
			indexes[i] = tlog.StoredHashIndex(0, start+int64(i))
		}
		hashes, err := reader.ReadHashes(indexes)
		must(err)
		for _, want := range hashes {
			size := int(binary.BigEndian.Uint16(bundle))
			if tlog.RecordHash(bundle[2:2+size]) != want {
				fail(fmt.Sprintf("entry %d has another hash than its tile says", count))
			}
			bundle = bundle[2+size:]
			count++
		}
		if len(bundle) > 0 {
			fail("a bundle holds more entries than its name says")
		}
	}
	return count
}

func checkProofs(path string) int {
	content, err := os.ReadFile(path)
	must(err)
	var all proofs
	must(json.Unmarshal(content, &all))
	for _, p := range all.Inclusion {
		must(tlog.CheckRecord(hashes(p.Proof), p.Size, hash(p.Root), p.Index, hash(p.Leaf)))
	}
	for _, p := range all.Consistency {
		must(tlog.CheckTree(hashes(p.Proof), p.Newer, hash(p.NewerRoot), p.Older, hash(p.OlderRoot)))
	}
	return len(all.Inclusion) + len(all.Consistency)
}

func hash(text string) tlog.Hash {
	bytes, err := base64.StdEncoding.DecodeString(text)
	must(err)
	if len(bytes) != tlog.HashSize {
		fail("a hash of " + strconv.Itoa(len(bytes)) + " bytes")
	}
	return tlog.Hash(bytes)
}

func hashes(texts []string) []tlog.Hash {
	list := make([]tlog.Hash, len(texts))
	for i, text := range texts {
		list[i] = hash(text)
	}
	return list
}

func must(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
