using System.Numerics;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Extraction;

/// <summary>
/// Takes out what a card or a form prints round a finger: lines that run along a row or a column for longer
/// than any ridge does. A thin line is painted over from its two sides; an edge between two grounds is told,
/// so that it is not taken for ridges.
/// </summary>
internal sealed class StraightLines
{
    /// <summary>Grey levels across an edge.</summary>
    private const int LeastStep = 36;

    /// <summary>Pixels that an edge keeps to one row: 8 mm, where ridges have long turned away.</summary>
    private const int LeastLength = 160;

    /// <summary>Pixels that miss the step cost so many that have it.</summary>
    private const int MissCost = 4;

    /// <summary>Widest line that is painted over, pixels.</summary>
    private const int WidestLine = 9;

    private readonly List<Edge> edges = [];
    private byte[] clean = [];
    private int[] ofRows = [];
    private int[] ofColumns = [];
    private byte[] ofColumnsBytes = [];

    /// <summary>Blocks that an edge passes, or that lie beside it.</summary>
    public List<(int Left, int Top, int Right, int Bottom)> Steps { get; } = [];

    /// <summary>The picture without its lines; the picture itself where it has none.</summary>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> pixels, int width, int height)
    {
        Steps.Clear();
        CountSteps(pixels, width, height);
        ReadOnlySpan<byte> result = Along(pixels, pixels, new Walk(height, width, width, 1), this.ofRows);
        return Along(pixels, result, new Walk(width, height, 1, width), this.ofColumns);
    }

    private ReadOnlySpan<byte> Along(ReadOnlySpan<byte> pixels, ReadOnlySpan<byte> result, Walk walk, int[] steps)
    {
        edges.Clear();
        for (int line = 1; line < walk.Lines - 1; line++)
        {
            if (steps[line] >= LeastLength)
            {
                Find(pixels, walk, line, 1);
                Find(pixels, walk, line, -1);
            }
        }

        if (edges.Count == 0)
        {
            return result;
        }

        if (!result.Overlaps(this.clean))
        {
            if (this.clean.Length < pixels.Length)
            {
                this.clean = new byte[pixels.Length];
            }

            result.CopyTo(this.clean);
        }

        // Edges come line by line: the other side of one can only be among those of a few lines.
        int first = 0;
        int end = 0;
        foreach (Edge edge in edges)
        {
            while (edges[first].Line < edge.Line - WidestLine)
            {
                first++;
            }

            while (end < edges.Count && edges[end].Line <= edge.Line + WidestLine)
            {
                end++;
            }

            int far = edges.FindLastIndex(end - 1, end - first, other => other.Sign != edge.Sign
                && other.Line > edge.Line && other.Shares(edge));
            if (far >= 0)
            {
                Paint(walk, edge, edges[far]);
            }
            else if (edges.FindIndex(first, end - first, other => other.Sign != edge.Sign
                && other.Line < edge.Line && other.Shares(edge)) < 0)
            {
                Steps.Add(walk.Step == 1
                    ? (edge.From, edge.Line, edge.To, edge.Line) : (edge.Line, edge.From, edge.Line, edge.To));
            }
        }

        return this.clean.AsSpan(0, pixels.Length);
    }

    /// <summary>
    /// Counts the pixels of every row and column that have a step across it, so that few must be walked along.
    /// </summary>
    private void CountSteps(ReadOnlySpan<byte> pixels, int width, int height)
    {
        if (this.ofRows.Length < height)
        {
            this.ofRows = new int[height];
        }

        if (this.ofColumns.Length < width + Vector256<byte>.Count)
        {
            this.ofColumns = new int[width + Vector256<byte>.Count];
            this.ofColumnsBytes = new byte[width + Vector256<byte>.Count];
        }

        Array.Clear(this.ofColumns);
        Array.Clear(this.ofColumnsBytes);
        for (int y = 1; y < height - 1; y++)
        {
            this.ofRows[y] = Count(pixels[((y - 1) * width)..], pixels[((y + 1) * width)..], width, []);
            Count(pixels[(y * width)..], pixels[((y * width) + 2)..], width - 2, this.ofColumnsBytes.AsSpan(1));
            if (y % 255 == 0 || y == height - 2)
            {
                for (int x = 0; x < width; x++)
                {
                    this.ofColumns[x] += this.ofColumnsBytes[x];
                }

                Array.Clear(this.ofColumnsBytes);
            }
        }
    }

    /// <summary>Counts where two rows of pixels differ by a step, in all and, on request, place by place.</summary>
    private static int Count(
        ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, int length, Span<byte> places)
    {
        int count = 0;
        int i = 0;
        var least = Vector256.Create((byte)(LeastStep - 1));
        for (; i <= length - Vector256<byte>.Count; i += Vector256<byte>.Count)
        {
            var a = Vector256.Create(before[i..]);
            var b = Vector256.Create(after[i..]);
            Vector256<byte> isStep = Vector256.GreaterThan(Vector256.Max(a, b) - Vector256.Min(a, b), least);
            count += BitOperations.PopCount(isStep.ExtractMostSignificantBits());
            if (places.Length > 0)
            {
                (Vector256.Create((ReadOnlySpan<byte>)places[i..]) - isStep).CopyTo(places[i..]);
            }
        }

        for (; i < length; i++)
        {
            if (Math.Abs(before[i] - after[i]) >= LeastStep)
            {
                count++;
                if (places.Length > 0)
                {
                    places[i]++;
                }
            }
        }

        return count;
    }

    private void Find(ReadOnlySpan<byte> pixels, Walk walk, int line, int sign)
    {
        int score = 0;
        int best = 0;
        int from = 0;
        int to = 0;
        for (int i = 0; i < walk.Length; i++)
        {
            int at = (line * walk.LineStep) + (i * walk.Step);
            int step = sign * (pixels[at + walk.LineStep] - pixels[at - walk.LineStep]);
            if (step >= LeastStep)
            {
                from = score == 0 ? i : from;
                score++;
                (best, to) = score >= best ? (score, i) : (best, to);
            }
            else if (score > 0)
            {
                score -= MissCost;
                if (score <= 0)
                {
                    Keep(best);
                    score = 0;
                    best = 0;
                }
            }
        }

        Keep(best);

        void Keep(int found)
        {
            if (found >= LeastLength)
            {
                edges.Add(new Edge(line, from, to, sign));
            }
        }
    }

    /// <summary>Draws each crossing of a line from the pixels on its two sides.</summary>
    private void Paint(Walk walk, Edge edge, Edge far)
    {
        int first = Math.Max(edge.Line - 1, 0);
        int last = Math.Min(far.Line + 1, walk.Lines - 1);
        int to = Math.Min(Math.Max(edge.To, far.To) + 2, walk.Length - 1);
        for (int i = Math.Max(Math.Min(edge.From, far.From) - 2, 0); i <= to; i++)
        {
            int a = this.clean[(first * walk.LineStep) + (i * walk.Step)];
            int b = this.clean[(last * walk.LineStep) + (i * walk.Step)];
            for (int line = first + 1; line < last; line++)
            {
                this.clean[(line * walk.LineStep) + (i * walk.Step)] =
                    (byte)(a + ((b - a) * (line - first) / (last - first)));
            }
        }
    }

    /// <summary>How to go along rows, or along columns.</summary>
    private readonly record struct Walk(int Lines, int Length, int LineStep, int Step);

    /// <summary>An edge that keeps to one row or column.</summary>
    private readonly record struct Edge(int Line, int From, int To, int Sign)
    {
        /// <summary>Whether the two run beside each other for most of their length.</summary>
        public bool Shares(Edge other)
        {
            int shared = Math.Min(To, other.To) - Math.Max(From, other.From);
            return 3 * shared > 2 * (other.To - other.From);
        }
    }
}
