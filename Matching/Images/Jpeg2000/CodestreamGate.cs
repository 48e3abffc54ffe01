using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Images.Jpeg2000;

/// <summary>
/// Checks a codestream (ISO/IEC 15444-1, annex A) before it is decoded: size, components, tiles, layers and levels.
/// A stream of 49 KB can ask a decoder for gigabytes and half a minute otherwise.
/// </summary>
internal ref struct CodestreamGate
{
    private const int StartOfCodestream = 0xFF4F;
    private const int Size = 0xFF51;
    private const int CodingDefaults = 0xFF52;
    private const int ComponentCoding = 0xFF53;
    private const int OrderChange = 0xFF5F;
    private const int PackedHeaders = 0xFF60;
    private const int PackedTileHeaders = 0xFF61;
    private const int StartOfTile = 0xFF90;
    private const int StartOfData = 0xFF93;
    private const int EndOfCodestream = 0xFFD9;

    /// <summary>Pixels of a picture: decoding takes 40 bytes and 60 ns each.</summary>
    private const int MostPixels = 4_000_000;

    /// <summary>Samples of all components.</summary>
    private const int MostSamples = 8_000_000;
    private const int MostComponents = 4;
    private const int MostBits = 16;
    private const int ShortestTile = 64;
    private const int MostTiles = 1_024;
    private const int MostLayers = 256;
    private const int MostLevels = 10;

    private RecordReader reader;
    private bool hasCoding;
    private int components;
    private long tiles;

    private CodestreamGate(ReadOnlySpan<byte> bytes) => this.reader = new RecordReader(bytes);

    /// <summary>What is wrong with a codestream, or null.</summary>
    public static Rejection? FaultOf(ReadOnlySpan<byte> bytes)
    {
        CodestreamGate gate = new(bytes);
        gate.ReadAll();
        return gate.reader.Rejection;
    }

    private void ReadAll()
    {
        if (this.reader.Word("start of the codestream") != StartOfCodestream
            || this.reader.Word("the marker SIZ") != Size)
        {
            this.reader.Reject(0, "no size first", "SOC and SIZ, the start of a JPEG 2000 codestream");
        }

        ReadSize();
        bool isHeader = true;
        int tileParts = 0;
        while (!this.reader.Failed)
        {
            // Some writers leave out the mark of the end.
            if (!isHeader && this.reader.Remaining == 0)
            {
                return;
            }

            int at = this.reader.Offset;
            int marker = this.reader.Word("a marker");
            if (marker == StartOfTile)
            {
                isHeader = false;
                if (++tileParts > this.tiles * MostLayers || !ReadTilePart())
                {
                    this.reader.Reject(at, "tile-parts that never end", "at most one a layer");
                    return;
                }
            }
            else if (marker == EndOfCodestream && !isHeader)
            {
                return;
            }
            else if (isHeader)
            {
                ReadSegment(marker, at);
            }
            else
            {
                this.reader.Reject(at, $"marker {marker:X4}", "a tile-part or the end of the codestream");
            }
        }
    }

    private void ReadSize()
    {
        int at = this.reader.Offset;
        this.reader.Skip(4, "length and capabilities");
        long width = this.reader.Long("width");
        long height = this.reader.Long("height");
        long offsets = (long)this.reader.Long("offset") + this.reader.Long("offset");
        long tileWidth = this.reader.Long("tile width");
        long tileHeight = this.reader.Long("tile height");
        offsets += (long)this.reader.Long("tile offset") + this.reader.Long("tile offset");
        this.components = this.reader.Word("components");
        if (this.reader.Failed)
        {
            return;
        }

        this.tiles = tileWidth > 0 && tileHeight > 0
            ? ((width + tileWidth - 1) / tileWidth) * ((height + tileHeight - 1) / tileHeight) : 0;
        bool isWholeTile = tileWidth >= width && tileHeight >= height;
        Rejection? fault = ImageLimits.FaultOf(at, width, height)
            ?? (this.components is 0 or > MostComponents
                    ? new Rejection(at, $"{this.components} components", $"1..{MostComponents}")
                : width * height > MostPixels || width * height * this.components > MostSamples
                    ? new Rejection(
                        at, $"{width} x {height} pixels of {this.components} components",
                        $"at most {MostPixels}, and {MostSamples} samples")
                : offsets != 0 ? new Rejection(at, "an offset of the picture or of its tiles", "none")
                : (!isWholeTile && Math.Min(tileWidth, tileHeight) < ShortestTile) || this.tiles is < 1 or > MostTiles
                    ? new Rejection(
                        at, $"{this.tiles} tiles of {tileWidth} x {tileHeight}",
                        $"1..{MostTiles} of {ShortestTile} and more")
                : null);
        if (fault is not null)
        {
            this.reader.Reject(at, fault.Found, fault.Wanted);
        }

        for (int i = 0; i < this.components && !this.reader.Failed; i++)
        {
            int depth = this.reader.Byte("depth") + 1;
            int across = this.reader.Byte("subsampling");
            int down = this.reader.Byte("subsampling");
            if (depth > MostBits || across != 1 || down != 1)
            {
                this.reader.Reject(
                    this.reader.Offset - 3, $"a component of {depth} bits by {across} x {down}",
                    $"at most {MostBits} unsigned bits, not subsampled");
            }
        }
    }

    /// <summary>One tile-part: its header, then its data by the length that it states.</summary>
    private bool ReadTilePart()
    {
        int start = this.reader.Offset - 2;
        this.reader.Skip(4, "length and number of a tile");
        long length = this.reader.Long("length of a tile-part");
        this.reader.Skip(2, "number of a tile-part");
        while (!this.reader.Failed)
        {
            int at = this.reader.Offset;
            int marker = this.reader.Word("a marker");
            if (marker == StartOfData)
            {
                break;
            }

            ReadSegment(marker, at);
        }

        // A tile-part without a length is the last one and goes to the end of the codestream.
        long end = length == 0 ? this.reader.Length - 2 : start + length;
        if (!this.reader.Failed && (end < this.reader.Offset || end > this.reader.Length))
        {
            this.reader.Reject(start, $"a tile-part of {length} bytes", "one that ends within the codestream");
        }

        this.reader.Skip(this.reader.Failed ? 0 : (int)(end - this.reader.Offset), "tile-part");
        return true;
    }

    private void ReadSegment(int marker, int at)
    {
        if (marker is OrderChange or PackedHeaders or PackedTileHeaders or Size || marker < 0xFF4F)
        {
            this.reader.Reject(at, $"marker {marker:X4}", "none that changes orders or packs headers");
            return;
        }

        int length = this.reader.Word("length of a segment");
        if (length < 2)
        {
            this.reader.Reject(at, $"a segment of {length} bytes", "at least 2");
        }

        int end = this.reader.Offset + length - 2;
        if (marker is CodingDefaults or ComponentCoding)
        {
            ReadCoding(marker, at);
        }

        int rest = end - this.reader.Offset;
        if (rest < 0)
        {
            this.reader.Reject(at, $"a segment of {length} bytes", "one as long as its fields");
        }

        this.reader.Skip(Math.Max(rest, 0), "segment");
    }

    private void ReadCoding(int marker, int at)
    {
        if (marker == CodingDefaults)
        {
            this.reader.Skip(2, "coding style and order");
            int layers = this.reader.Word("layers");
            this.reader.Skip(1, "component transform");
            if (!this.reader.Failed && layers is 0 or > MostLayers)
            {
                this.reader.Reject(at, $"{layers} layers", $"1..{MostLayers}");
            }

            this.hasCoding = true;
        }
        else
        {
            this.reader.Skip(this.components < 257 ? 2 : 3, "component and coding style");
        }

        int levels = this.reader.Byte("levels");
        int blockWidth = this.reader.Byte("width of a code-block");
        int blockHeight = this.reader.Byte("height of a code-block");
        if (!this.reader.Failed
            && (levels > MostLevels || blockWidth > 8 || blockHeight > 8 || blockWidth + blockHeight > 8))
        {
            this.reader.Reject(
                at, $"{levels} levels with code-blocks of 2^{blockWidth + 2} x 2^{blockHeight + 2}",
                $"at most {MostLevels}, and 4,096 samples a code-block");
        }

        if (!this.hasCoding)
        {
            this.reader.Reject(at, "coding of a component before the defaults", "the defaults first");
        }
    }
}
