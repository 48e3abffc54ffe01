using System.Text;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Osia.Endpoints;

/// <summary>
/// The galleries there are and who is in them. A gallery exists while an encounter names it.
/// </summary>
internal static class GalleryEndpoints
{
    private const int DefaultLimit = 1000;

    public static void MapGalleries(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/galleries", ReadGalleriesAsync).WithName("readGalleries").WithTags("Gallery")
            .Needs(Scopes.GalleryRead);
        v1.MapGet("/galleries/{galleryId}", ReadContentAsync).WithName("readGalleryContent").WithTags("Gallery")
            .Needs(Scopes.GalleryRead);
    }

    private static async Task<Results<Ok<IReadOnlyList<string>>, OsiaFailed>> ReadGalleriesAsync(
        [AsParameters] OsiaCall call, EncounterRoot root, HttpContext http)
    {
        GalleryList list = await root.ReadGalleriesAsync(http.Budget());
        return Failure.Of(list.Refusal, list.Outage) is { } failure ? new OsiaFailed(failure)
            : TypedResults.Ok<IReadOnlyList<string>>([.. list.Galleries.Select(entry => entry.Gallery)]);
    }

    private static async Task<Results<Ok<IReadOnlyList<OsiaPersonIds>>, ContentHttpResult, OsiaFailed>>
        ReadContentAsync(
            string galleryId, [AsParameters] OsiaCall call, EncounterRoot root, HttpContext http,
            [FromQuery(Name = "offset")] int offset = 0, [FromQuery(Name = "limit")] int limit = DefaultLimit,
            [FromQuery(Name = "afterPersonId")] string? afterPersonId = null,
            [FromQuery(Name = "afterEncounterId")] string? afterEncounterId = null)
    {
        if (offset is < 0 or > ApiLimits.GalleryOffset || limit is < 1 or > ApiLimits.GalleryPage)
        {
            return new OsiaFailed(Failure.Invalid(
                "offset, limit", $"{offset}, {limit}", $"0..{ApiLimits.GalleryOffset} and 1..{ApiLimits.GalleryPage}"));
        }

        Parsed<GalleryMember?> after = AfterOf(afterPersonId, afterEncounterId, offset);
        if (after.IsFailed)
        {
            return new OsiaFailed(after.Failure);
        }

        ReadAnswer answer = await root.ReadGalleryAsync(galleryId, offset, limit, http.Budget(), after.Value);
        if (Failure.Of(answer.Refusal, answer.Outage) is { } failure)
        {
            return new OsiaFailed(failure);
        }

        return WantsCsv(http.Request)
            ? TypedResults.Text(Csv(answer.Members), "text/csv", Encoding.UTF8)
            : TypedResults.Ok<IReadOnlyList<OsiaPersonIds>>(
                [.. answer.Members.Select(member => new OsiaPersonIds(member.PersonId, member.EncounterId))]);
    }

    /// <summary>
    /// Whom the page comes after, as an earlier page listed it: also under an identifier that only older versions took.
    /// </summary>
    private static Parsed<GalleryMember?> AfterOf(string? personId, string? encounterId, int offset)
    {
        if (personId is null && encounterId is null)
        {
            return (GalleryMember?)null;
        }

        string? wrong = IdRule.CheckHeld("afterPersonId", personId)
            ?? IdRule.CheckHeld("afterEncounterId", encounterId);
        return wrong is not null ? new Failure(FailureCode.InvalidIdentifier, wrong)
            : offset != 0 ? new Failure(
                FailureCode.InvalidParameter, "offset: found beside afterPersonId, wanted one of them")
            : (GalleryMember?)new GalleryMember(personId!, encounterId!);
    }

    private static bool WantsCsv(HttpRequest request) => request.GetTypedHeaders().Accept
        .OrderByDescending(type => type.Quality ?? 1)
        .FirstOrDefault()?.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase) == true;

    private static string Csv(IReadOnlyList<GalleryMember> members) =>
        CsvText.Of(("PersonId", "encounterId"), members.Select(member => (member.PersonId, member.EncounterId)));
}
