using MatchCluster.LoadTest.Workload;

namespace MatchCluster.LoadTest.Ladders;

/// <summary>How a ladder climbs and what ends it.</summary>
internal sealed record LadderOptions
{
    /// <summary>What is sent; its rate and duration are those of a step.</summary>
    public required LoadOptions Load { get; init; }

    /// <summary>Searches a second of the first step.</summary>
    public required double FirstRate { get; init; }

    /// <summary>Each step's rate over the one before.</summary>
    public required double Factor { get; init; }

    /// <summary>No step is faster.</summary>
    public required double MostRate { get; init; }

    /// <summary>No step is slower; not above <see cref="FirstRate"/>.</summary>
    public required double LeastRate { get; init; }

    /// <summary>
    /// The longest that lone searches are sent before the first step, until they no longer become faster: the first
    /// seconds of a server measure its compiler. Zero sends none.
    /// </summary>
    public TimeSpan SettleWithin { get; init; }

    /// <summary>Milliseconds that 95 % of a step's answers must stay below.</summary>
    public required double LimitP95Ms { get; init; }

    /// <summary>Steps between the last that held and the first that broke.</summary>
    public required int Refinements { get; init; }

    /// <summary>Share of refused, failed or partial answers with which a step still holds.</summary>
    public double MostBadShare { get; init; } = 0.01;

    /// <summary>
    /// Share of wrong answers with which a step still holds. Not 0: the default threshold lets one search in a hundred
    /// for somebody who is not enrolled bring a candidate, and a matcher misses some probes however idle it is.
    /// </summary>
    public double MostWrongShare { get; init; } = 0.05;

    /// <summary>
    /// How many of this number of searches may be wrong: the share, and three standard deviations of what
    /// chance makes of it. A short step has few searches, and one that has 4 wrong of 60 by chance breaks
    /// nothing.
    /// </summary>
    public double MostWrong(long searches)
    {
        double mean = MostWrongShare * searches;
        return mean + (3 * Math.Sqrt(mean));
    }

    /// <summary>
    /// How many of this number of searches may be refused, fail or be partial: the share, and at least one.
    /// </summary>
    public double MostBad(long searches) => Math.Max(1, MostBadShare * searches);
}
