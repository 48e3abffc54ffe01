namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>A connected part of a mask.</summary>
/// <param name="Number">From 1, in the order in which rows of the picture reach the parts.</param>
/// <param name="First">Index of its first pixel in that order.</param>
internal sealed record MaskPart(int Number, int First)
{
    private int left = int.MaxValue;
    private int top = int.MaxValue;
    private int right = -1;
    private int bottom = -1;

    /// <summary>Area of the upright frame about it in pixels.</summary>
    public int FrameArea => (this.right - this.left + 1) * (this.bottom - this.top + 1);

    public bool TouchesEdge(int width, int height) =>
        this.left == 0 || this.top == 0 || this.right == width - 1 || this.bottom == height - 1;

    /// <summary>Whether its frame lies within another one's.</summary>
    public bool IsWithin(MaskPart other) =>
        this.left >= other.left && this.right <= other.right && this.top >= other.top && this.bottom <= other.bottom;

    public void Add(int x, int y)
    {
        this.left = Math.Min(this.left, x);
        this.right = Math.Max(this.right, x);
        this.top = Math.Min(this.top, y);
        this.bottom = Math.Max(this.bottom, y);
    }
}

/// <summary>The connected parts of one value of a mask, by runs of rows.</summary>
internal sealed class MaskParts
{
    private readonly List<Run> runs = [];
    private readonly int[] firstRun;
    private readonly int width;

    private MaskParts(int width, int height) => (this.width, this.firstRun) = (width, new int[height + 1]);

    /// <summary>The parts by their numbers.</summary>
    public IReadOnlyList<MaskPart> All { get; private set; } = [];

    /// <param name="reachesDiagonally">Whether pixels that touch at a corner are connected.</param>
    public static MaskParts Of(ReadOnlySpan<byte> mask, int width, int height, byte value, bool reachesDiagonally)
    {
        MaskParts parts = new(width, height);
        for (int y = 0; y < height; y++)
        {
            parts.firstRun[y] = parts.runs.Count;
            parts.AddRuns(mask.Slice(y * width, width), y, value);
            parts.Join(y, reachesDiagonally ? 1 : 0);
        }

        parts.firstRun[height] = parts.runs.Count;
        parts.Number();
        return parts;
    }

    /// <summary>The number of the part at an index; 0 where the mask has another value.</summary>
    public int At(int index)
    {
        (int y, int x) = Math.DivRem(index, this.width);
        for (int i = this.firstRun[y]; i < this.firstRun[y + 1]; i++)
        {
            if (this.runs[i].Begin <= x && x < this.runs[i].End)
            {
                return this.runs[i].Part;
            }
        }

        return 0;
    }

    /// <summary>Gives the pixels of every part a value; null leaves them.</summary>
    public void Set(Span<byte> mask, Func<MaskPart, byte?> value)
    {
        byte?[] values = [.. All.Select(value)];
        for (int y = 0; y + 1 < this.firstRun.Length; y++)
        {
            for (int i = this.firstRun[y]; i < this.firstRun[y + 1]; i++)
            {
                if (values[this.runs[i].Part - 1] is { } set)
                {
                    mask[((y * this.width) + this.runs[i].Begin)..((y * this.width) + this.runs[i].End)].Fill(set);
                }
            }
        }
    }

    private void AddRuns(ReadOnlySpan<byte> row, int y, byte value)
    {
        int x = 0;
        while (x < row.Length)
        {
            int begin = row[x..].IndexOf(value);
            if (begin < 0)
            {
                return;
            }

            begin += x;
            int length = row[begin..].IndexOfAnyExcept(value);
            x = length < 0 ? row.Length : begin + length;
            this.runs.Add(new Run(y, begin, x) { Root = this.runs.Count });
        }
    }

    /// <summary>Joins the runs of a row with those of the row above that touch them.</summary>
    private void Join(int y, int reach)
    {
        for (int i = this.firstRun[y]; y > 0 && i < this.runs.Count; i++)
        {
            for (int above = this.firstRun[y - 1]; above < this.firstRun[y]; above++)
            {
                if (this.runs[above].Begin < this.runs[i].End + reach
                    && this.runs[i].Begin < this.runs[above].End + reach)
                {
                    int one = RootOf(i);
                    int other = RootOf(above);
                    this.runs[Math.Max(one, other)].Root = Math.Min(one, other);
                }
            }
        }
    }

    private int RootOf(int run)
    {
        while (this.runs[run].Root != run)
        {
            run = this.runs[run].Root = this.runs[this.runs[run].Root].Root;
        }

        return run;
    }

    /// <summary>The root of a part is its first run, so that parts are numbered in the order of rows.</summary>
    private void Number()
    {
        List<MaskPart> parts = [];
        for (int i = 0; i < this.runs.Count; i++)
        {
            int root = RootOf(i);
            if (root == i)
            {
                parts.Add(new MaskPart(parts.Count + 1, (this.runs[i].Y * this.width) + this.runs[i].Begin));
                this.runs[i].Part = parts.Count;
            }

            this.runs[i].Part = this.runs[root].Part;
            parts[this.runs[i].Part - 1].Add(this.runs[i].Begin, this.runs[i].Y);
            parts[this.runs[i].Part - 1].Add(this.runs[i].End - 1, this.runs[i].Y);
        }

        All = parts;
    }

    private sealed class Run(int y, int begin, int end)
    {
        public int Y { get; } = y;

        public int Begin { get; } = begin;

        public int End { get; } = end;

        public int Root { get; set; }

        public int Part { get; set; }
    }
}
