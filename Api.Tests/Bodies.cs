using System.Text.Json.Nodes;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;
using MatchCluster.Matching.Tests;

namespace MatchCluster.Api.Tests;

/// <summary>Bodies of requests, made from people who do not exist.</summary>
internal static class Bodies
{
    private const ulong Seed = 7;

    private static readonly SyntheticPopulation People = new(Seed);

    /// <summary>A right index finger and a right eye of a person, in one capture.</summary>
    public static JsonArray Samples(int person, int impression = 0) =>
        [Finger(person, 2, impression), Eye(person, 1, impression)];

    /// <summary>
    /// A finger, under the label of another one or turned by quarters of a turn where that is asked for.
    /// </summary>
    public static JsonObject Finger(
        int person, int finger, int impression = 0, int? label = null, int quarters = 0)
    {
        FingerView view = People.Person(person).Finger(finger, impression);
        view = TurnedViews.Of(view, quarters) with { Position = BiometricPosition.OfFinger(label ?? finger) };
        return Item("FINGER", view.Position.ToString(), "ISO_19794_2",
            FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]));
    }

    /// <summary>An eye, under the label of the other one or upside down where that is asked for.</summary>
    public static JsonObject Eye(int person, int eye, int impression = 0, int? label = null, bool isTurned = false)
    {
        IrisCode code = People.Person(person).Iris(eye, impression, IrisShape.D2048);
        code = (isTurned ? TurnedViews.UpsideDown(code) : code) with
        {
            Position = BiometricPosition.OfEye(label ?? eye),
        };
        return Item("IRIS", code.Position.ToString(), "MATCHCLUSTER_IRIS_1", IrisTemplates.EncodeMatchCluster(code));
    }

    /// <summary>An eye in the shape that open-iris writes too.</summary>
    public static JsonObject OpenIrisEye(int person, int eye)
    {
        IrisCode code = People.Person(person).Iris(eye, 0, IrisShape.OpenIris12800);
        return Item("IRIS", code.Position.ToString(), "OPEN_IRIS_JSON", IrisTemplates.EncodeOpenIrisJson(code));
    }

    public static JsonObject Item(string type, string? subType, string format, byte[] template) => new()
    {
        ["biometricType"] = type,
        ["biometricSubType"] = subType,
        ["template"] = Convert.ToBase64String(template),
        ["templateFormat"] = format,
    };

    public static JsonObject Encounter(string gallery, JsonArray samples) => new()
    {
        ["status"] = "ACTIVE",
        ["encounterType"] = "visit",
        ["galleries"] = new JsonArray(gallery),
        ["biometricData"] = samples,
    };

    public static JsonObject Identify(JsonArray samples, JsonObject? filter = null) => new()
    {
        ["filter"] = filter ?? [],
        ["biometricData"] = samples,
    };

    /// <summary>
    /// A finger record of a few random minutiae, about 80 bytes: for tests that only store.
    /// </summary>
    public static byte[] TinyFinger(Random random)
    {
        Minutia[] minutiae = [.. Enumerable.Range(0, 8).Select(_ => new Minutia(
            (ushort)random.Next(300), (ushort)random.Next(400), (ushort)(random.Next(256) << 8),
            (byte)random.Next(1, 101), MinutiaKind.RidgeEnding))];
        return FingerRecords.Encode(TemplateFormat.Iso19794v2005,
        [
            new FingerView
            {
                Position = BiometricPosition.OfFinger(2),
                Width = 300,
                Height = 400,
                ResolutionX = 197,
                ResolutionY = 197,
                Minutiae = minutiae,
            },
        ]);
    }
}
