using System.Text.Json.Serialization;
using MatchCluster.Api.Audit;
using MatchCluster.Api.Demo;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Page;

/// <summary>
/// Something to try a search with: templates of the demo's people, who do not exist, captured a second time. The page
/// lists them and anybody can download them; a server without the demo has them too, and finds nobody.
/// </summary>
internal static class DemoFiles
{
    private const int Enrolled = 8;

    /// <summary>Farther away than the largest demo.</summary>
    private const int Stranger = 6_000_000;

    private static readonly DemoPeople People = new(only: null);

    public static void MapDemoFiles(this IEndpointRouteBuilder app)
    {
        const string Why = "synthetic people, the same ones of every server";
        AuditRule synthetic = AuditRule.Exempt("these people are synthetic, and not read from the gallery");
        app.MapGet("/page/people", () => TypedResults.Json(List(), PageJson.Default.DemoList)).ExcludeFromDescription()
            .IsOpen(Why).WithMetadata(synthetic);
        app.MapGet("/page/people/{index:int}/{position}", Read).ExcludeFromDescription()
            .IsOpen(Why).WithMetadata(synthetic);
    }

    private static DemoList List() => new(
        DemoPeople.Gallery,
        [
            .. Enumerable.Range(0, Enrolled).Select(index => new DemoPerson(index, People.IdOf(index), true)),
            new DemoPerson(Stranger, People.IdOf(Stranger), false),
        ],
        [
            .. DemoPeople.Places.Select(place => new DemoPlace(
                WordOf(place), TemplateFormats.NameOf(DemoPeople.FormatOf(place)))),
        ]);

    private static IResult Read(int index, string position, HttpContext http)
    {
        BiometricPosition[] found = [.. DemoPeople.Places.Where(place => WordOf(place) == position)];
        if (found.Length == 0 || !(index is >= 0 and < Enrolled || index == Stranger))
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.XContentTypeOptions = "nosniff";
        string end = DemoPeople.FileEndOf(found[0]);
        return TypedResults.File(
            People.Again(index, found[0]).Template.ToArray(), "application/octet-stream",
            $"{People.IdOf(index)}-{position.ToLowerInvariant().Replace('_', '-')}.{end}");
    }

    private static string WordOf(BiometricPosition place) => EnumWords<BiometricSubType>.Of(Positions.SubTypeOf(place));
}

/// <param name="Gallery">The gallery that the enrolled people are in.</param>
internal sealed record DemoList(
    string Gallery, IReadOnlyList<DemoPerson> People, IReadOnlyList<DemoPlace> Places);

/// <param name="Index">Their number among the synthetic people.</param>
/// <param name="PersonId">Their id where they are enrolled.</param>
/// <param name="IsEnrolled">Whether a demo of any size has them.</param>
internal sealed record DemoPerson(int Index, string PersonId, bool IsEnrolled);

/// <param name="Position">Which finger or eye, in OSIA's word.</param>
/// <param name="Format">The format of its file.</param>
internal sealed record DemoPlace(string Position, string Format);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DemoList))]
internal sealed partial class PageJson : JsonSerializerContext;
