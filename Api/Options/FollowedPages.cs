using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Packs;

namespace MatchCluster.Api.Options;

/// <summary>The changes of a gallery as a server answers them, for a copy.</summary>
internal static class FollowedPages
{
    private const int Limit = 1000;

    /// <summary>The changes after a position, with their encounters as they are stored.</summary>
    /// <exception cref="ServerRefusedException">The server refused.</exception>
    /// <exception cref="PackException">The server answered something else.</exception>
    public static async Task<FollowedPage> ReadAsync(
        HttpClient http, string gallery, long after, CancellationToken cancel)
    {
        string path = string.Create(
            CultureInfo.InvariantCulture,
            $"/mc/v1/galleries/{Uri.EscapeDataString(gallery)}/changes?after={after}&limit={Limit}&content=record");
        using HttpResponseMessage answer = await http.GetAsync(path, cancel);
        await ServerClient.CheckAsync(answer, cancel);
        try
        {
            JsonNode page = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel))
                ?? throw new FormatException("found nothing");
            (Change, Encounter?)[] changes = [.. page["changes"]!.AsArray().Select(one => Of(one!))];
            long next = (long)page["next"]!;
            return new FollowedPage(next, changes, StateOf(page), IsWhole: next == (long)page["last"]!);
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException
            or ArgumentException or NullReferenceException)
        {
            throw new PackException($"the server answered something else than changes: {malformed.Message}", malformed);
        }
    }

    private static (Change Change, Encounter? Content) Of(JsonNode one)
    {
        Change change = new(
            (long)one["sequence"]!, Enum.Parse<ChangeKind>((string)one["kind"]!, ignoreCase: true),
            (string)one["personId"]!, (string)one["encounterId"]!, (Guid)one["recordId"]!,
            (DateTimeOffset)one["at"]!);
        if ((string?)one["record"] is not { } record)
        {
            return (change, null);
        }

        Encounter? content = FollowedPage.ReadRecord(Convert.FromBase64String(record));
        return content is not null && content.PersonId == change.PersonId && content.EncounterId == change.EncounterId
            ? (change, content) : throw new FormatException("a record that is not the encounter of its change");
    }

    private static GalleryState? StateOf(JsonNode page) => (string?)page["state"] is { } state
        ? new GalleryState(new StateHash(Convert.FromHexString(state)), (long)page["encounters"]!) : null;
}
