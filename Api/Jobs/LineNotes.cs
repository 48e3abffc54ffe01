namespace MatchCluster.Api.Jobs;

/// <summary>What became of a line.</summary>
internal enum LineOutcome
{
    /// <summary>A complete search found candidates.</summary>
    With,

    /// <summary>A complete search found none.</summary>
    Without,

    /// <summary>Nobody of the gallery can be compared with the probe.</summary>
    NotCompared,

    /// <summary>A part of the gallery could not be searched.</summary>
    Incomplete,

    /// <summary>It was not searched: the line is wrong, or not allowed.</summary>
    Refused,
}

/// <summary>How far a job over lines is, and what became of those before; the counts add up to them.</summary>
internal sealed record LineNotes
{
    /// <summary>Width of a bar of the histogram, in units of the score.</summary>
    public const int BarWidth = 5;

    private const int Bars = 60;

    public long Total { get; init; }

    public long Done { get; init; }

    /// <summary>Where the next line begins.</summary>
    public int Next { get; init; }

    /// <summary>Number of the line before it.</summary>
    public long Number { get; init; }

    /// <summary>Waits since a line was done last, whoever waited.</summary>
    public int Waits { get; init; }

    public long With { get; init; }

    public long Without { get; init; }

    public long NotCompared { get; init; }

    /// <summary>Bytes of the results that are kept.</summary>
    public long Bytes { get; init; }

    public long Incomplete { get; init; }

    public long Refused { get; init; }

    /// <summary>Refused lines by the name of the failure.</summary>
    public IReadOnlyDictionary<string, long> Errors { get; init; } = new Dictionary<string, long>();

    /// <summary>Lines by the score of their best candidate, in bars from 0 on.</summary>
    public IReadOnlyList<int> Scores { get; init; } = [];

    /// <summary>With one line more.</summary>
    /// <param name="line">The line.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="error">Name of the failure of a refused one.</param>
    /// <param name="best">The score of its best candidate; null where none is released.</param>
    public LineNotes And(JobLine line, LineOutcome outcome, string? error, double? best)
    {
        Dictionary<string, long> errors = new(Errors);
        if (error is not null)
        {
            errors[error] = errors.GetValueOrDefault(error) + 1;
        }

        int[] scores = [.. Scores];
        if (best is { } score)
        {
            scores = scores.Length > 0 ? scores : new int[Bars];
            scores[Math.Clamp((int)(score / BarWidth), 0, Bars - 1)]++;
        }

        return this with
        {
            Done = Done + 1,
            Next = line.Next,
            Number = line.Number,
            With = With + (outcome == LineOutcome.With ? 1 : 0),
            Without = Without + (outcome == LineOutcome.Without ? 1 : 0),
            NotCompared = NotCompared + (outcome == LineOutcome.NotCompared ? 1 : 0),
            Incomplete = Incomplete + (outcome == LineOutcome.Incomplete ? 1 : 0),
            Refused = Refused + (outcome == LineOutcome.Refused ? 1 : 0),
            Errors = errors,
            Scores = scores,
        };
    }
}
