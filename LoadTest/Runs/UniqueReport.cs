using System.Globalization;

namespace MatchCluster.LoadTest.Runs;

/// <summary>What is asked of an enrolment of the unique.</summary>
/// <param name="Servers">Front ends, asked in turn.</param>
/// <param name="People">Different people.</param>
/// <param name="Twins">People who come a second time, in another capture.</param>
/// <param name="AtOnce">Calls under way.</param>
/// <param name="Seed">Seed of the people and of the order.</param>
/// <param name="Gallery">A gallery that nobody is in.</param>
internal sealed record UniqueOptions(
    IReadOnlyList<Uri> Servers, int People, int Twins, int AtOnce, int Seed, string Gallery)
{
    /// <summary>
    /// Processes of this machine that are killed meanwhile: of n the first when 1/(n + 1) of the calls were answered,
    /// the second at 2/(n + 1), and so on.
    /// </summary>
    public IReadOnlyList<int> Kills { get; init; } = [];

    /// <summary>How long a call is asked again before it counts as lost.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>What came of it. Calls = enrolled + duplicates + failed.</summary>
internal sealed record UniqueReport
{
    /// <summary>People, and how many of them came twice.</summary>
    public required (int People, int Twins) Sent { get; init; }

    public required int Calls { get; init; }

    /// <summary>Calls that were answered by "enrolled".</summary>
    public required int Enrolled { get; init; }

    /// <summary>Calls that were answered by "duplicate".</summary>
    public required int Duplicates { get; init; }

    /// <summary>Calls that were refused, or had no answer in all that time.</summary>
    public required int Failed { get; init; }

    /// <summary>Why, for some of them.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    /// <summary>Answers that said to ask again.</summary>
    public required int AskedAgain { get; init; }

    /// <summary>Calls to a front end that was not there, or went before it answered.</summary>
    public required int CutOff { get; init; }

    /// <summary>Those who are enrolled beyond one for each person.</summary>
    public required int Double { get; init; }

    /// <summary>People of whom nobody is enrolled.</summary>
    public required int Lost { get; init; }

    /// <summary>Duplicates whose first candidate is another person.</summary>
    public required int Misnamed { get; init; }

    /// <summary>Processes that were killed.</summary>
    public required int Killed { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Processor time of this program, which makes the people beside the servers.</summary>
    public required double OwnCpuSeconds { get; init; }

    /// <summary>From the first asking to the answer that counts.</summary>
    public required LatencyHistogram Latencies { get; init; }

    /// <summary>Whether each person was enrolled once, and everybody was told so.</summary>
    public bool IsRight => Failed == 0 && Double == 0 && Lost == 0 && Misnamed == 0
        && (Enrolled, Duplicates) == Sent && Enrolled + Duplicates == Calls;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        calls        {Calls,7}   {Calls / Seconds:F0} a second, {Seconds:F1} s; processor time here {OwnCpuSeconds:F0} s
        enrolled     {Enrolled,7}   wanted {Sent.People}
        duplicates   {Duplicates,7}   wanted {Sent.Twins}; {Misnamed} of them with another person first
        failed       {Failed,7}   {string.Join("; ", Reasons)}
        asked again  {AskedAgain,7}   and {CutOff} cut off, {Killed} processes killed
        answered           p50 {Text(0.5)}, p99 {Text(0.99)}, at most {Latencies.Max.TotalSeconds:F1} s
        enrolled twice: {Double}, lost: {Lost}
        {(IsRight ? "RIGHT: each person is enrolled once, and every call was answered" : "WRONG")}
        """);

    private string Text(double quantile) =>
        string.Create(CultureInfo.InvariantCulture, $"{Latencies.Quantile(quantile).TotalSeconds:F1} s");
}
