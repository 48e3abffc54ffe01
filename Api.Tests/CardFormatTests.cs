using System.Text.Json.Nodes;
using MatchCluster.Api.Http;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Tests;

/// <summary>Minutiae of cards go in under the label's finger, are found, and come out again.</summary>
public sealed class CardFormatTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("ISO_19794_2_NS", CardSize.Normal, 5)]
    [InlineData("ISO_19794_2_CS", CardSize.Compact, 3)]
    public async Task A_card_is_enrolled_found_and_given_back(string format, CardSize size, int bytesEach)
    {
        int person = 20 + bytesEach;
        JsonObject iso = Bodies.Finger(person, 2);
        FingerView view = FingerRecords.Decode(
            TemplateFormat.Iso19794v2005, Convert.FromBase64String((string)iso["template"]!)).Value!.Views[0];
        byte[] card = CardMinutiae.Encode(size, [view]);
        JsonNode ids = await server.PostAsync(
            $"persons/{format}/encounters/E",
            Bodies.Encounter(format, [Bodies.Item("FINGER", "RIGHT_INDEX", format, card)])).OkAsync();
        Assert.Equal(
            "biometricData.templateFormat", (string)Assert.Single(ids["others"]!["notStored"]!.AsArray())!);

        JsonNode found = await server.PostAsync(
            $"identify/{format}?threshold=20", Bodies.Identify([Bodies.Finger(person, 2, impression: 1)])).OkAsync();
        Assert.Equal(format, (string)found[0]!["personId"]!);

        JsonNode back = await server.GetAsync(
            $"persons/{format}/encounters/E/templates?templateFormat={format}").OkAsync();
        Assert.Equal(format, (string)back[0]!["templateFormat"]!);
        Assert.Equal(
            view.Minutiae.Count * bytesEach, Convert.FromBase64String((string)back[0]!["template"]!).Length);
        if (size == CardSize.Compact)
        {
            Assert.Equal(Convert.ToBase64String(card), (string)back[0]!["template"]!);
        }
    }

    [Fact]
    public async Task A_card_of_half_a_minutia_is_refused() => Assert.Contains(
        "minutiae of 5 bytes",
        await server.PostAsync(
            "persons/half/encounters/E",
            Bodies.Encounter("G", [Bodies.Item("FINGER", "RIGHT_INDEX", "ISO_19794_2_NS", new byte[12])]))
            .ErrorAsync(400, FailureCode.RejectedTemplate), StringComparison.Ordinal);
}
