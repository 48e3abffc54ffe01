using System.Buffers;
using System.Text.Json;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.LoadTest.Client;

/// <summary>
/// Request bodies of OSIA 7.1, ABIS interface 1.6.0, with synthetic people in them. Written here and not with
/// the server's own types: a client that shares them would not notice a change.
/// </summary>
internal static class OsiaBodies
{
    /// <summary>
    /// Standard codes in the order in which probes bring them: index fingers first, as visa systems ask.
    /// </summary>
    private static readonly int[] FingerOrder = [2, 7, 1, 6, 3, 8, 4, 9, 5, 10];

    /// <summary>
    /// An IdentifyRequest of the first <paramref name="fingers"/> fingers and, if wanted, both eyes.
    /// </summary>
    public static ReadOnlyMemory<byte> Identify(
        SyntheticPerson person, int impression, int fingers, bool eyes) =>
        Write(json =>
        {
            json.WriteStartObject("filter");
            json.WriteEndObject();
            WriteBiometrics(json, person, impression, fingers, eyes);
        });

    /// <summary>An Encounter of all fingers and both eyes, of impression 0.</summary>
    public static ReadOnlyMemory<byte> Encounter(SyntheticPerson person, string gallery) =>
        Encounter(person, gallery, 0, FingerOrder.Length, eyes: true);

    /// <summary>An Encounter of some fingers and, if wanted, both eyes.</summary>
    public static ReadOnlyMemory<byte> Encounter(
        SyntheticPerson person, string gallery, int impression, int fingers, bool eyes) =>
        Write(json =>
        {
            json.WriteString("status", "ACTIVE");
            json.WriteString("encounterType", "load-test");
            json.WriteStartArray("galleries");
            json.WriteStringValue(gallery);
            json.WriteEndArray();
            WriteBiometrics(json, person, impression, fingers, eyes);
        });

    /// <summary>
    /// A line of the bulk enrolment: the encounter with its person, with the wanted modalities.
    /// </summary>
    public static ReadOnlyMemory<byte> EnrolLine(SyntheticPerson person, string gallery, bool fingers, bool eyes) =>
        Write(json =>
        {
            json.WriteString("personId", person.PersonId);
            json.WriteStartObject("encounter");
            json.WriteString("encounterId", "E1");
            json.WriteString("status", "ACTIVE");
            json.WriteString("encounterType", "synthetic");
            json.WriteStartArray("galleries");
            json.WriteStringValue(gallery);
            json.WriteEndArray();
            WriteBiometrics(json, person, 0, fingers ? FingerOrder.Length : 0, eyes);
            json.WriteEndObject();
        });

    private static void WriteBiometrics(
        Utf8JsonWriter json, SyntheticPerson person, int impression, int fingers, bool eyes)
    {
        json.WriteStartArray("biometricData");
        foreach (int code in FingerOrder.Take(fingers))
        {
            FingerView view = person.Finger(code, impression);
            WriteItem(
                json, "FINGER", view.Position, "ISO_19794_2",
                FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]));
        }

        for (int eye = 1; eyes && eye <= 2; eye++)
        {
            IrisCode code = person.Iris(eye, impression, IrisShape.D2048);
            WriteItem(
                json, "IRIS", code.Position, "MATCHCLUSTER_IRIS_1", IrisTemplates.EncodeMatchCluster(code));
        }

        json.WriteEndArray();
    }

    private static void WriteItem(
        Utf8JsonWriter json, string type, BiometricPosition position, string format, byte[] template)
    {
        json.WriteStartObject();
        json.WriteString("biometricType", type);
        json.WriteString("biometricSubType", position.ToString());
        json.WriteString("templateFormat", format);
        json.WriteBase64String("template", template);
        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
