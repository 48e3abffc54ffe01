using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Http.Callers;

/// <summary>
/// How urgent a call is, OSIA's <c>priority</c>: 9 before 0. It decides who is refused first and who goes first to the
/// engine, never what is answered.
/// </summary>
/// <param name="Level">0..9.</param>
internal readonly record struct Priority(int Level)
{
    public const int Levels = Standing.Levels;

    /// <summary>Name of the query parameter.</summary>
    public const string Name = "priority";

    /// <summary>
    /// The priority of a single call that does not state one: there is some room above it and some below.
    /// </summary>
    public static Priority Default { get; } = new(5);

    /// <summary>
    /// The priority of a stream that does not state one: it waits where a single call is refused.
    /// </summary>
    public static Priority Stream { get; } = new(0);

    public static Priority Highest { get; } = new(Levels - 1);

    /// <summary>The failure of a parameter that wants 0..9, or null.</summary>
    public static Failure? Check(IQueryCollection query, string name)
    {
        string? text = query[name];
        return string.IsNullOrEmpty(text) || TryRead(text, out _)
            ? null : Failure.Invalid(name, text, $"0..{Levels - 1}");
    }

    /// <summary>
    /// The priority of a call that was checked: its own, that of its service level, or another one; no more than this
    /// server gives and than the caller's agreement does.
    /// </summary>
    public static Priority Of(HttpContext http, Priority otherwise)
    {
        int most = http.RequestServices.GetRequiredService<Admission>().HighestPriority.Level;
        int level = TryRead(http.Request.Query[Name], out int asked) ? asked
            : (ServiceLevels.Of(http)?.Priority ?? otherwise).Level;
        int agreed = http.Features.Get<PriorityCap>()?.Level ?? most;
        return new Priority(Math.Min(level, Math.Min(most, agreed)));
    }

    /// <summary>The priority that a call states, as it stands there; null where it states none.</summary>
    public static int? Stated(HttpContext http) => TryRead(http.Request.Query[Name], out int level) ? level : null;

    private static bool TryRead(string? text, out int level) =>
        Numerals.TryReadWhole(text, out level) && level < Levels;
}
