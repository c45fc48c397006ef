package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// height: a tile has 2⁸ hashes, a bundle as many entries.
const height = 8

// tree keeps all hashes of a shard's tree, in the order in which tlog numbers them.
type tree struct {
	size   int64
	hashes []tlog.Hash
}

func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = t.hashes[index]
	}
	return found, nil
}

func (t *tree) add(leaf tlog.Hash) error {
	hashes, err := tlog.StoredHashesForRecordHash(t.size, leaf, t)
	t.hashes = append(t.hashes, hashes...)
	t.size++
	return err
}

// checkShard checks the checkpoint, all events (or their hashes), all tiles and the root of a shard. Events are handed on.
func (x *export) checkShard(shard int, onEvent func(offset int, entry []byte)) {
	signed := x.head.shards[shard]
	base := fmt.Sprintf("log/%d/", shard)
	x.checkCheckpoint(base+"checkpoint", fmt.Sprintf("tally/%s/%d", x.head.election, shard), signed)
	grown := &tree{}
	var differing []int
	for grown.size < signed.N {
		tile := tlog.Tile{H: height, L: 0, N: grown.size >> height, W: int(min(1<<height, signed.N-grown.size))}
		leaves, ok := x.readTile(base, tile)
		if ok && x.description.Log == "entries" {
			told := leaves
			leaves, ok = x.readEntries(shard, tile, onEvent)
			differing = append(differing, differences(leaves, told, int(grown.size))...)
		}
		if !ok {
			return
		}
		for _, leaf := range leaves {
			if err := grown.add(leaf); err != nil {
				x.wrong.add(base, "%v", err)
				return
			}
		}
	}
	if root, err := tlog.TreeHash(signed.N, grown); err == nil && root == signed.Hash {
		x.checkTiles(base, grown)
		x.checkCosigned(shard, grown)
		return
	}
	for _, offset := range differing {
		x.wrong.add(fmt.Sprintf("event %d:%d", shard, offset), "is not the one whose hash its tile has")
	}
	x.wrong.add(base, "the events, or their hashes, do not give the root that was signed")
}

// differences gives the offsets of the events that have another hash than their tile says.
func differences(leaves, told []tlog.Hash, first int) (offsets []int) {
	for i, leaf := range leaves {
		if leaf != told[i] {
			offsets = append(offsets, first+i)
		}
	}
	return offsets
}

func (x *export) checkCheckpoint(path, origin string, signed tlog.Tree) {
	text, ok := x.openSigned(path, origin, x.keys...)
	if !ok {
		return
	}
	if want := fmt.Sprintf("%s\n%d\n%s\n", origin, signed.N, signed.Hash); !strings.HasPrefix(text, want) {
		x.wrong.add(path, "says something else than the head")
	}
}

// checkCosigned holds the log against what its witnesses cosigned, where the folder has that.
func (x *export) checkCosigned(shard int, grown *tree) {
	path := fmt.Sprintf("log/%d/cosigned", shard)
	if _, err := os.Stat(filepath.Join(x.folder, path)); errors.Is(err, fs.ErrNotExist) {
		return
	}
	origin := fmt.Sprintf("tally/%s/%d", x.head.election, shard)
	text, ok := x.openSigned(path, origin, x.keys...)
	if !ok {
		return
	}
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] != origin {
		x.wrong.add(path, "is no checkpoint of this shard")
		return
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || size > grown.size {
		x.wrong.add(path, "is over %s events, and the log has %d", lines[1], grown.size)
		return
	}
	if root, err := tlog.TreeHash(size, grown); err != nil || root.String() != lines[2] {
		x.wrong.add(path, "was signed over other events: the log does not go on from it")
	}
}

// readTile gives the leaf hashes of a tile.
func (x *export) readTile(base string, tile tlog.Tile) ([]tlog.Hash, bool) {
	path := base + tilePath(tile)
	content, ok := x.read(path)
	if !ok {
		return nil, false
	}
	if len(content) != tile.W*tlog.HashSize {
		x.wrong.add(path, "has not %d hashes", tile.W)
		return nil, false
	}
	hashes := make([]tlog.Hash, tile.W)
	for i := range hashes {
		hashes[i] = tlog.Hash(content[i*tlog.HashSize:])
	}
	return hashes, true
}

// readEntries gives the leaf hashes of the entries of a bundle.
func (x *export) readEntries(shard int, tile tlog.Tile, onEvent func(int, []byte)) ([]tlog.Hash, bool) {
	tile.L = -1
	path := fmt.Sprintf("log/%d/%s", shard, tilePath(tile))
	bundle, ok := x.read(path)
	if !ok {
		return nil, false
	}
	hashes := make([]tlog.Hash, 0, tile.W)
	for len(bundle) > 0 && len(hashes) < tile.W {
		if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
			x.wrong.add(path, "is cut short")
			return nil, false
		}
		entry := bundle[2 : 2+int(binary.BigEndian.Uint16(bundle))]
		bundle = bundle[2+len(entry):]
		onEvent(int(tile.N)<<height+len(hashes), entry)
		hashes = append(hashes, tlog.RecordHash(entry))
	}
	if len(bundle) > 0 || len(hashes) < tile.W {
		x.wrong.add(path, "has not %d entries", tile.W)
		return nil, false
	}
	return hashes, true
}

// checkTiles holds every tile of the folder against the tree grown from the events.
func (x *export) checkTiles(base string, grown *tree) {
	for _, tile := range tlog.NewTiles(height, 0, grown.size) {
		path := base + tilePath(tile)
		want, err := tlog.ReadTileData(tile, grown)
		if err != nil {
			x.wrong.add(path, "%v", err)
			continue
		}
		if found, ok := x.read(path); ok && !bytes.Equal(found, want) {
			x.wrong.add(path, "is damaged; the events it is about are as they were signed")
		}
	}
}

// tilePath is where C2SP tlog-tiles has a tile; of level -1, a bundle of entries. tlog's own paths name the height too.
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	if entries, isBundle := strings.CutPrefix(path, "data/"); isBundle {
		path = "entries/" + entries
	}
	return "tile/" + path
}
