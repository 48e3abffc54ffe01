using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Access;
using Microsoft.IdentityModel.Tokens;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>Makes keys: EC P-256, one that opens and one that signs.</summary>
internal static class NewKeys
{
    /// <summary>What is added to the name of the file for the public parts.</summary>
    public const string PublicSuffix = ".jwks.json";

    private const string Private = "d";

    private static readonly string[] PrivateMembers = [Private, "p", "q", "dp", "dq", "qi", "oth", "k"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Puts two new keys before those of a file, which is made where there is none.</summary>
    /// <returns>The public part of all keys, as a JWKS document.</returns>
    /// <exception cref="InvalidDataException">The file has something else than private keys.</exception>
    public static string AddTo(string file)
    {
        JsonArray keys = [New("enc"), New("sig")];
        if (File.Exists(file))
        {
            OwnerOnly.Check(file);
            string before = File.ReadAllText(file);
            _ = OwnKeys.Read(before);
            foreach (JsonNode? key in JsonNode.Parse(before)!["keys"]!.AsArray())
            {
                keys.Add(key!.DeepClone());
            }
        }

        string text = TextOf(keys);
        _ = OwnKeys.Read(text); // Neither too many, nor one that a server would refuse.
        string beside = file + ".new";
        File.Delete(beside);
        OwnerOnly.Create(beside, text);
        File.Move(beside, file, overwrite: true);
        string published = PublicOf(text);
        File.WriteAllText(file + PublicSuffix, published + Environment.NewLine);
        return published;
    }

    /// <summary>The public part of a JWKS document.</summary>
    public static string PublicOf(string text)
    {
        JsonArray keys = [];
        foreach (JsonNode? key in JsonNode.Parse(text)!["keys"]!.AsArray())
        {
            JsonObject open = key!.DeepClone().AsObject();
            foreach (string name in PrivateMembers)
            {
                open.Remove(name);
            }

            keys.Add((JsonNode)open);
        }

        return TextOf(keys);
    }

    private static string TextOf(JsonArray keys) => new JsonObject { ["keys"] = keys }.ToJsonString(Indented);

    private static JsonObject New(string use)
    {
        using ECDsa made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECParameters numbers = made.ExportParameters(includePrivateParameters: true);
        Microsoft.IdentityModel.Tokens.JsonWebKey web = new()
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = "P-256",
            X = Base64UrlEncoder.Encode(numbers.Q.X),
            Y = Base64UrlEncoder.Encode(numbers.Q.Y),
        };
        return new JsonObject
        {
            ["kty"] = web.Kty,
            ["crv"] = web.Crv,
            ["kid"] = Base64UrlEncoder.Encode(web.ComputeJwkThumbprint()),
            ["use"] = use,
            ["x"] = web.X,
            ["y"] = web.Y,
            [Private] = Base64UrlEncoder.Encode(numbers.D),
        };
    }
}
