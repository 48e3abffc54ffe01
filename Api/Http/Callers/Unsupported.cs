using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Http.Callers;

/// <summary>
/// What happens to biometric items that cannot be used here (faces, images, formats that are not read) beside
/// ones that can. A civil record has both: by default what can be used is, and the answer names the rest. A
/// caller that would rather send again says so in a header.
/// </summary>
internal static class Unsupported
{
    public const string Header = "MatchCluster-Unsupported";

    private const string Refuse = "refuse";
    private const string Keep = "keep";

    /// <summary>The failure of a header of another value, or null.</summary>
    public static Failure? Check(HttpRequest request) =>
        request.Headers[Header].ToString() is "" or Refuse or Keep ? null
            : Failure.Invalid(Header, request.Headers[Header], $"{Keep} or {Refuse}");

    public static bool IsRefused(HttpRequest request) => request.Headers[Header].ToString() == Refuse;
}
