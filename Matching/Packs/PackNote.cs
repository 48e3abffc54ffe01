using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Packs;

/// <summary>What a data directory that was made of a pack remembers of it.</summary>
/// <param name="Manifest">What the pack said of itself.</param>
/// <param name="State">What it held.</param>
/// <param name="Imported">When.</param>
public sealed record PackNote(PackManifest Manifest, GalleryState State, DateTimeOffset Imported)
{
    /// <summary>Name of its file.</summary>
    public const string FileName = "gallery.pack.json";

    /// <summary>The note of a directory; null where it was not made of a pack.</summary>
    /// <exception cref="StoreException">It is there and cannot be read.</exception>
    public static PackNote? Read(string directory)
    {
        string path = Path.Combine(directory, FileName);
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            JsonNode note = JsonNode.Parse(File.ReadAllBytes(path)) ?? throw new FormatException("found nothing");
            byte[] state = Convert.FromHexString((string)note["state"]!);
            return new PackNote(
                PackManifest.Decode(JsonSerializer.SerializeToUtf8Bytes(note["manifest"])),
                new GalleryState(new StateHash(state), (long)note["encounters"]!),
                DateTimeOffset.Parse((string)note["imported"]!, System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException
            or FormatException or InvalidOperationException or ArgumentException or NullReferenceException
            or PackException)
        {
            throw new StoreException($"{path}: cannot be read: {wrong.Message}", wrong);
        }
    }

    internal void Write(string directory) => PrivateFiles.WriteWhole(
        Path.Combine(directory, FileName), JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["manifest"] = JsonNode.Parse(Manifest.Encode()),
            ["state"] = State.Hash.ToString(),
            ["encounters"] = State.Encounters,
            ["imported"] = Imported.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
        }),
        overwrite: true);
}
