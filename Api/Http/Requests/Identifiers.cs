using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Http.Requests;

/// <summary>
/// The rule of identifiers (<see cref="IdRule"/>) as a failure. Every identifier that is sent to a door passes here,
/// in a path, a query or a body.
/// </summary>
internal static class Identifiers
{
    /// <summary>
    /// The failure of an identifier, or null. <paramref name="name"/> says which one it is.
    /// </summary>
    public static Failure? Check(string name, string? value) =>
        IdRule.Check(name, value) is { } wrong ? new Failure(FailureCode.InvalidIdentifier, wrong) : null;

    /// <summary>A gallery an encounter may belong to: ALL is the name of every gallery at once.</summary>
    public static Failure? CheckGalleryToJoin(string name, string? value) =>
        value == Search.AllGalleries
            ? new Failure(FailureCode.InvalidIdentifier,
                $"{name}: '{Search.AllGalleries}' stands for every gallery and cannot be one")
            : Check(name, value);
}
