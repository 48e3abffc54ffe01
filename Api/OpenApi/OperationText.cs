using MatchCluster.Api.Osia.Protection;
using static MatchCluster.Api.Http.Failures.FailureCode;
using FailureCode = MatchCluster.Api.Http.Failures.FailureCode;

namespace MatchCluster.Api.OpenApi;

/// <summary>What an operation does and may refuse: what its types cannot say.</summary>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="Description">One or two sentences for who calls it.</param>
/// <param name="Failures">Failures of its own, beside those that all operations of its door have.</param>
internal sealed record OperationText(string Summary, string Description, params FailureCode[] Failures)
{
    /// <summary>Whether its answers say in headers what was searched.</summary>
    public bool IsSearch { get; init; }

    /// <summary>Whether it takes the header that limits how long it may take.</summary>
    public bool HasDeadline { get; init; } = true;

    /// <summary>Whether it takes the headers that say what is done with images.</summary>
    public bool TakesImages { get; init; }

    /// <summary>Whether its answers say in headers how the items of a call without a search were read.</summary>
    public bool SaysHowItRead { get; init; }

    /// <summary>Whether its answers are encrypted and signed where that is asked for.</summary>
    public bool ProtectsAnswer { get; init; }

    /// <summary>Whether its answers have a signed receipt in a header.</summary>
    public bool GivesReceipt { get; init; }

    /// <summary>A content type its answer has beside JSON, with an example.</summary>
    public (string Type, string Example)? Text { get; init; }
}

/// <summary>What several operations have alike.</summary>
internal static class OperationParts
{
    internal static readonly (string, string) Message =
        (AnswerProtection.Jose, "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyJ9.a.b.c.d");
    internal static readonly FailureCode[] Body = [BodyTooLarge, UnsupportedMediaType];
    internal static readonly FailureCode[] Changing = [Overloaded];
    internal static readonly FailureCode[] Overloads = [Overloaded];
    internal static readonly FailureCode[] Enrolling = [.. Body, .. Changing, GalleryFull];

    internal static readonly FailureCode[] Governed = [Unknown, AgreementsUnavailable];
    internal static readonly FailureCode[] Signing =
        [.. Body, .. Governed, InvalidDocument, PersonRequired, Conflict];
}
