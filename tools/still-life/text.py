"""The text encoder: CLIP's architecture (Radford et al. 2021) at toy size, trained together with the UNet."""

from transformers import CLIPTextConfig, CLIPTextModel

WIDTH, LAYERS = 128, 2


def text_encoder(tokens):
    """`tokens` is the vocabulary's size; its last two entries are the start and the end."""
    model = CLIPTextModel(CLIPTextConfig(
        vocab_size=tokens, hidden_size=WIDTH, intermediate_size=4 * WIDTH, num_hidden_layers=LAYERS, num_attention_heads=4,
        max_position_embeddings=77, bos_token_id=tokens - 2, eos_token_id=tokens - 1, pad_token_id=tokens - 1,
        hidden_act='quick_gelu', projection_dim=WIDTH))
    model.set_attn_implementation('eager')  # trains twice as fast as the fused kernel on a CPU, and exports cleanly
    return model
