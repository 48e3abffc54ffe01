using MatchCluster.Matching;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Http.Access;

/// <summary>What kind of caller it is: only a natural person can decide about somebody.</summary>
internal enum CallerKind
{
    /// <summary>A program of a partner.</summary>
    Client,

    /// <summary>A natural person, whom the issuer of the token authenticated.</summary>
    Person,

    /// <summary>Nobody who was checked: an open route, or a server without credentials.</summary>
    Unchecked,
}

/// <summary>Who calls. One value for each request, whatever the credentials were.</summary>
/// <param name="Partner">
/// The agency whose client calls; may be in the scope of a log line, and of the first few a metric's label.
/// </param>
/// <param name="Subject">
/// Who it is inside the partner. Of a person it is personal data: neither logged nor a label.
/// </param>
/// <param name="Kind">A program or a natural person.</param>
/// <param name="Scopes">What the credentials allow.</param>
internal sealed record Caller(string Partner, string Subject, CallerKind Kind, IReadOnlySet<string> Scopes)
{
    /// <summary>Characters of the name of a partner or a subject at most.</summary>
    public const int LongestName = Limits.PartnerNameLength;

    /// <summary>The caller of an open route, or of a server that checks nobody.</summary>
    public static Caller Nobody { get; } = new("", "", CallerKind.Unchecked, new HashSet<string>());

    /// <summary>Whether a text may name a partner or a subject: printable ASCII without blanks.</summary>
    public static bool IsName(string? text) => Use.IsName(text);

    /// <summary>Without the subject: a record would print it into whatever log it meets.</summary>
    public override string ToString() => $"{Kind} of {Partner}";
}

internal static class CallerExtensions
{
    /// <summary>Who calls; <see cref="Caller.Nobody"/> where nobody was checked.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.Get<Caller>() ?? Access.Caller.Nobody;

    /// <summary>
    /// Whose tasks and jobs a caller sees, null for everybody's: so does an administrator, and who is not checked.
    /// </summary>
    public static string? SeenPartner(this HttpContext http)
    {
        Caller caller = http.Caller();
        return caller.Kind == CallerKind.Unchecked || caller.Scopes.Contains(Access.Scopes.Admin)
            ? null : caller.Partner;
    }
}
