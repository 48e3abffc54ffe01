using System.Buffers;
using System.Globalization;
using System.Text.Json;
using MatchCluster.Benchmarks.Cases;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Served;

/// <summary>One probe as a caller sends it and as the kernels take it.</summary>
/// <param name="Body">An IdentifyRequest of OSIA.</param>
/// <param name="Probe">The probe, prepared.</param>
internal sealed record ServedQuestion(byte[] Body, Probe Probe)
{
    /// <summary>Later captures: of enrolled people and of people who are not, in turn.</summary>
    public static ServedQuestion[] Of(
        SyntheticPopulation population, int people, int count, int fingers, int eyes) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            SyntheticPerson person = population.Person(i % 2 == 0 ? i * (people / count) : people + i);
            IReadOnlyList<Sample> samples = SyntheticEncounters.Samples(person, 1, fingers, eyes);
            return new ServedQuestion(BodyOf(samples), ProbeBuilder.Build(samples).Value!);
        }),
    ];

    /// <summary>Path and query of a search.</summary>
    public static string PathOf(ServedAsked asked) =>
        $"/v1/identify/{SyntheticEncounters.Gallery}?transactionId=served"
        + (asked.Threshold is { } threshold
            ? string.Create(CultureInfo.InvariantCulture, $"&threshold={threshold}") : "")
        + (asked.IsFast ? "&accuracyLevel=fast" : "");

    private static byte[] BodyOf(IReadOnlyList<Sample> samples)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("filter");
            json.WriteEndObject();
            json.WriteStartArray("biometricData");
            foreach (Sample sample in samples)
            {
                bool isFinger = sample.Position.Modality == Modality.Finger;
                json.WriteStartObject();
                json.WriteString("biometricType", isFinger ? "FINGER" : "IRIS");
                json.WriteString("biometricSubType", sample.Position.ToString());
                json.WriteString("templateFormat", isFinger ? "ISO_19794_2" : "MATCHCLUSTER_IRIS_1");
                json.WriteBase64String("template", sample.Template.Span);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
