using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using Microsoft.Extensions.Logging.Abstractions;

namespace MatchCluster.Api.Tests.Protection;

/// <summary>Changed bytes and texts in protected bodies: a failure or a body, and never an exception.</summary>
public sealed class ProtectedFuzzTests : IDisposable
{
    private const int Seed = 20261130;

    /// <summary>Some seconds; MATCHCLUSTER_FUZZ asks for more.</summary>
    private static readonly int Tries = int.Parse(
        Environment.GetEnvironmentVariable("MATCHCLUSTER_FUZZ") ?? "600",
        System.Globalization.CultureInfo.InvariantCulture);

    private static readonly string[] Pieces =
    [
        "\"", "{", "}", "[", "]", ",", ":", ".", "..", "*", "$", "null", "true", "-1", "1e999", "\\u0000", "\\ud800",
        "encryption", "integrity", "template", "biometricData", "scope", "[*]", "[?@.id=='1']", "eyJhbGciOiJub25lIn0",
        "\"encryption\":null,", "\"integrity\":[],", "\"encrypted\":true,", "=", "é", "\u202e",
    ];

    private readonly TestKeys keys = new();
    private readonly EngineCalls calls = new(threads: 1);

    public void Dispose()
    {
        calls.Dispose();
        keys.Dispose();
    }

    [Fact]
    public async Task A_changed_body_is_a_failure_or_a_body()
    {
        PayloadReader reader = new(keys.Settings(), calls, NullLogger<PayloadReader>.Instance);
        Caller caller = new(TestKeys.Partner, "x", CallerKind.Client, new HashSet<string>());
        byte[] whole = Encoding.UTF8.GetBytes(Body().ToJsonString());
        Assert.False((await reader.OpenAsync(whole, null, caller, Budget())).IsFailed);
        Random random = new(Seed);
        Dictionary<string, int> met = [];
        for (int i = 0; i < Tries; i++)
        {
            byte[] changed = Changed(whole, random);
            Parsed<OpenedBody> opened = await reader.OpenAsync(changed, null, caller, Budget());
            string code = opened.Failure?.Code.ToString() ?? "opened";
            met[code] = met.GetValueOrDefault(code) + 1;
            Assert.True(opened.IsFailed || opened.Value.Content.Length > 0, $"try {i}");
            Assert.True(opened.Failure is not { Message: var said } || said.Length < 500, opened.Failure?.Message);
        }

        // All the ways to fail were met, so that the changes reach what they are for.
        Assert.Superset(
            new HashSet<string> { "MalformedBody", "ProtectionMalformed", "NotOpened", "SignatureRefused" },
            met.Keys.ToHashSet());
    }

    private static SearchBudget Budget() => SearchBudget.Of(TimeSpan.FromSeconds(30), CancellationToken.None);

    private JsonObject Body()
    {
        JsonObject item = Bodies.Finger(1, 2);
        JsonObject block = keys.PartnerSigns.Sign(item, "biometricType biometricSubType template templateFormat");
        block["id"] = "1";
        TestKeys.Encrypt(item, keys.ServerEc, "template");
        item["integrity"] = new JsonArray(block);
        JsonObject body = Bodies.Encounter("A", [item]);
        body["biographicData"] = new JsonObject { ["gender"] = "F" };
        return TestKeys.Encrypt(body, keys.ServerRsa, "biographicData");
    }

    private static byte[] Changed(byte[] whole, Random random)
    {
        List<byte> changed = [.. whole];
        for (int left = random.Next(1, 4); left > 0; left--)
        {
            int at = random.Next(changed.Count);
            int length = Math.Min(random.Next(1, 40), changed.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    changed.RemoveRange(at, length);
                    break;
                case 2:
                    changed.InsertRange(at, changed.GetRange(at, length));
                    break;
                case 3:
                    changed.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                default:
                    // One letter of a text for another: the JSON stays whole.
                    changed[at] = char.IsAsciiLetterOrDigit((char)changed[at])
                        ? (byte)"ABCxyz019-_"[random.Next(11)] : changed[at];
                    break;
            }
        }

        return [.. changed];
    }
}
