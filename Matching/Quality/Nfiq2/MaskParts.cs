namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>A connected part of a mask.</summary>
/// <param name="Number">From 1, in the order in which rows of the picture reach the parts.</param>
/// <param name="First">Index of its first pixel in that order.</param>
internal sealed record MaskPart(int Number, int First)
{
    private int _left = int.MaxValue;
    private int _top = int.MaxValue;
    private int _right = -1;
    private int _bottom = -1;

    /// <summary>Area of the upright frame about it in pixels.</summary>
    public int FrameArea => (_right - _left + 1) * (_bottom - _top + 1);

    public bool TouchesEdge(int width, int height) =>
        _left == 0 || _top == 0 || _right == width - 1 || _bottom == height - 1;

    /// <summary>Whether its frame lies within another one's.</summary>
    public bool IsWithin(MaskPart other) =>
        _left >= other._left && _right <= other._right && _top >= other._top && _bottom <= other._bottom;

    public void Add(int x, int y)
    {
        _left = Math.Min(_left, x);
        _right = Math.Max(_right, x);
        _top = Math.Min(_top, y);
        _bottom = Math.Max(_bottom, y);
    }
}

/// <summary>The connected parts of one value of a mask, by runs of rows.</summary>
internal sealed class MaskParts
{
    private readonly List<Run> _runs = [];
    private readonly int[] _firstRun;
    private readonly int _width;

    private MaskParts(int width, int height) => (_width, _firstRun) = (width, new int[height + 1]);

    /// <summary>The parts by their numbers.</summary>
    public IReadOnlyList<MaskPart> All { get; private set; } = [];

    /// <param name="reachesDiagonally">Whether pixels that touch at a corner are connected.</param>
    public static MaskParts Of(ReadOnlySpan<byte> mask, int width, int height, byte value, bool reachesDiagonally)
    {
        MaskParts parts = new(width, height);
        for (int y = 0; y < height; y++)
        {
            parts._firstRun[y] = parts._runs.Count;
            parts.AddRuns(mask.Slice(y * width, width), y, value);
            parts.Join(y, reachesDiagonally ? 1 : 0);
        }

        parts._firstRun[height] = parts._runs.Count;
        parts.Number();
        return parts;
    }

    /// <summary>The number of the part at an index; 0 where the mask has another value.</summary>
    public int At(int index)
    {
        (int y, int x) = Math.DivRem(index, _width);
        for (int i = _firstRun[y]; i < _firstRun[y + 1]; i++)
        {
            if (_runs[i].Begin <= x && x < _runs[i].End)
            {
                return _runs[i].Part;
            }
        }

        return 0;
    }

    /// <summary>Gives the pixels of every part a value; null leaves them.</summary>
    public void Set(Span<byte> mask, Func<MaskPart, byte?> value)
    {
        byte?[] values = [.. All.Select(value)];
        for (int y = 0; y + 1 < _firstRun.Length; y++)
        {
            for (int i = _firstRun[y]; i < _firstRun[y + 1]; i++)
            {
                if (values[_runs[i].Part - 1] is { } set)
                {
                    mask[((y * _width) + _runs[i].Begin)..((y * _width) + _runs[i].End)].Fill(set);
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
            _runs.Add(new Run(y, begin, x) { Root = _runs.Count });
        }
    }

    /// <summary>Joins the runs of a row with those of the row above that touch them.</summary>
    private void Join(int y, int reach)
    {
        for (int i = _firstRun[y]; y > 0 && i < _runs.Count; i++)
        {
            for (int above = _firstRun[y - 1]; above < _firstRun[y]; above++)
            {
                if (_runs[above].Begin < _runs[i].End + reach && _runs[i].Begin < _runs[above].End + reach)
                {
                    int one = RootOf(i);
                    int other = RootOf(above);
                    _runs[Math.Max(one, other)].Root = Math.Min(one, other);
                }
            }
        }
    }

    private int RootOf(int run)
    {
        while (_runs[run].Root != run)
        {
            run = _runs[run].Root = _runs[_runs[run].Root].Root;
        }

        return run;
    }

    /// <summary>The root of a part is its first run, so that parts are numbered in the order of rows.</summary>
    private void Number()
    {
        List<MaskPart> parts = [];
        for (int i = 0; i < _runs.Count; i++)
        {
            int root = RootOf(i);
            if (root == i)
            {
                parts.Add(new MaskPart(parts.Count + 1, (_runs[i].Y * _width) + _runs[i].Begin));
                _runs[i].Part = parts.Count;
            }

            _runs[i].Part = _runs[root].Part;
            parts[_runs[i].Part - 1].Add(_runs[i].Begin, _runs[i].Y);
            parts[_runs[i].Part - 1].Add(_runs[i].End - 1, _runs[i].Y);
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
